"""The first page's cards and links."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from bossadmin.navigation import list_url, may_see
from bossadmin.queries import Figures


@dataclass(frozen=True, slots=True)
class Card:
    """One figure, what it is of and, below it, what else there is to know; `href` is empty for who may not go there."""

    title: str
    value: str
    note: str
    href: str
    is_alarming: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    title: str
    href: str
    icon: str


def list_cards(request: HttpRequest, figures: Figures) -> list[Card]:
    """Return the figures in words."""
    release, note = _describe_release(figures)
    active = _("%(count)s of them learned today") % {"count": _number(figures.learners_today)}
    return [
        Card(_("Learners"), _number(figures.learners), active, _href(request, "accounts.User", "kind__exact=learner")),
        Card(_("Answers today"), _number(figures.answers_today), _("UTC, days begin at 04:00"), ""),
        Card(_("Live release"), release, note, _href(request, "content.Release")),
        Card(_("Units"), _number(figures.units), "", _href(request, "content.Unit")),
        Card(_("Concepts"), _number(figures.concepts), _("live"), _href(request, "content.Concept")),
        Card(_("Content bytes"), _number(figures.content_bytes), _("live"), _href(request, "content.ContentByte")),
        Card(_("Jobs waiting"), _number(figures.jobs_waiting), "", _href(request, "jobs.Job", "status__exact=waiting")),
        Card(
            _("Jobs given up"),
            _number(figures.jobs_dead),
            _("after their last attempt"),
            _href(request, "jobs.Job", "status__exact=dead"),
            is_alarming=figures.jobs_dead > 0,
        ),
    ]


def list_links(request: HttpRequest) -> list[Link]:
    """Return where an editor mostly goes from here."""
    may = request.user.has_perm
    places = [
        (may("content.add_concept"), Link(_("Add a concept"), reverse("admin:content_concept_add"), "add")),
        (may("content.add_contentbyte"), Link(_("Add a byte"), reverse("admin:content_contentbyte_add"), "add")),
        (may_see(request, "content.Release"), Link(_("Releases"), list_url("content.Release"), "rocket_launch")),
        (True, Link(_("API documentation"), "/app/docs", "api")),
    ]
    return [link for allowed, link in places if allowed]


def _describe_release(figures: Figures) -> tuple[str, str]:
    if figures.publication is None:
        return "0", _("nothing is published yet")
    release = figures.publication.release
    return str(release.number), date_format(figures.publication.published_at, "DATETIME_FORMAT")


def _href(request: HttpRequest, model: str, query: str = "") -> str:
    return f"{list_url(model)}{'?' if query else ''}{query}" if may_see(request, model) else ""


def _number(value: int) -> str:
    return number_format(value, use_l10n=True, force_grouping=True)
