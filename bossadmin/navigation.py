"""The sidebar: every kind of row, grouped by whose work it is, as far as the person may see it."""

from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Page(NamedTuple):
    """A list of rows: its model's label, its name and the name of a Material symbol."""

    model: str
    title: "_StrPromise"
    icon: str


CONTENT = (
    Page("content.Unit", _("Units"), "menu_book"),
    Page("content.Concept", _("Concepts"), "lightbulb"),
    Page("content.ContentByte", _("Content bytes"), "extension"),
    Page("content.Prerequisite", _("Prerequisites"), "account_tree"),
    Page("content.Asset", _("Assets"), "perm_media"),
    Page("content.Licence", _("Licences"), "copyright"),
    Page("content.Release", _("Releases"), "rocket_launch"),
    Page("content.Pack", _("Packs"), "inventory_2"),
    Page("content.Publication", _("Publication"), "podcasts"),
    Page("content.SeasonOffset", _("Season offsets"), "dark_mode"),
)
LEARNERS = (
    Page("accounts.User", _("People"), "group"),
    Page("accounts.Guardianship", _("Guardianships"), "family_restroom"),
    Page("learning.Answer", _("Answers"), "task_alt"),
    Page("learning.UserMemory", _("Memory"), "psychology"),
    Page("learning.LearningDay", _("Learning days"), "calendar_month"),
    Page("learning.LearnerState", _("Learner states"), "monitoring"),
    Page("learning.LessonSession", _("Lesson sessions"), "school"),
)
OPERATIONS = (
    Page("jobs.Job", _("Jobs"), "work_history"),
    Page("accounts.Device", _("Devices"), "smartphone"),
    Page("accounts.RefreshFamily", _("Sign-ins"), "key"),
    Page("accounts.RefreshToken", _("Refresh tokens"), "autorenew"),
    Page("accounts.IdempotencyKey", _("Repeated calls"), "repeat"),
    Page("auth.Group", _("Roles"), "badge"),
    Page("admin.LogEntry", _("History of edits"), "history"),
)
GROUPS = ((_("Content"), CONTENT), (_("Learners"), LEARNERS), (_("Operations"), OPERATIONS))


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the navigation in unfold's shape, without what the person may not see."""
    index = {"title": _("Overview"), "icon": "dashboard", "link": reverse("admin:index")}
    groups = [
        {"title": title, "separator": True, "items": [_item(page) for page in pages if may_see(request, page.model)]}
        for title, pages in GROUPS
    ]
    return [{"items": [index]}, *(group for group in groups if group["items"])]


def may_see(request: HttpRequest, model: str) -> bool:
    """Tell whether the person may open the list of a model."""
    options = apps.get_model(model)._meta
    return any(
        request.user.has_perm(f"{options.app_label}.{action}_{options.model_name}") for action in ("view", "change")
    )


def list_url(model: str) -> str:
    """Return the address of a model's list."""
    options = apps.get_model(model)._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_changelist")


def _item(page: Page) -> dict[str, Any]:
    return {"title": page.title, "icon": page.icon, "link": list_url(page.model)}
