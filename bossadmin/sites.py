"""The site that every room's admin pages are registered on."""

from typing import Any, override

from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from bossadmin.cards import list_cards, list_links
from bossadmin.forms import SignInForm
from bossadmin.queries import take_figures


class BossAdminSite(UnfoldAdminSite):
    index_title = _("Overview")
    index_template = "bossadmin/index.html"
    login_template = "bossadmin/login.html"
    login_form = SignInForm

    @override
    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show how the app is doing and where to go from here."""
        cards = list_cards(request, take_figures(now=timezone.now()))
        response: TemplateResponse = super().index(request, {"cards": cards, "links": list_links(request)})
        return response
