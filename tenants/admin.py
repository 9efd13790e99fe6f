"""What the dashboard's pages have in common in all rooms."""

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, cast, override
from weakref import ref

from django import forms
from django.contrib.admin import display
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language, get_language_info
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action as unfold_action
from unfold.decorators import display as unfold_display
from unfold.widgets import UnfoldAdminTextInputWidget

from tenants import current
from tenants.fields import TextByLanguageField, text_in

#: Characters of a text that a cell of a list shows.
SHOWN = 60


class TextsWidget(forms.MultiWidget):
    """One input for each language of the app. A missing text shows as an empty input named after its language."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        self.languages = current.get().languages
        super().__init__({language: _input(language) for language in self.languages}, attrs)

    @override
    def use_required_attribute(self, initial: Any) -> bool:
        # One language is enough.
        return False

    @override
    def decompress(self, value: str | None) -> list[str]:
        texts = json.loads(value or "{}") or {}
        return [texts.get(language, "") for language in self.languages]

    @override
    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:  # type: ignore[override]
        """Return JSON, which the form field reads; Django's own returns the list."""
        texts = zip(self.languages, super().value_from_datadict(data, files, name), strict=True)
        return json.dumps({language: text.strip() for language, text in texts if text and text.strip()})


def _input(language: str) -> forms.TextInput:
    name = get_language_info(language)["name_local"]
    attributes = {"lang": language, "dir": "auto", "placeholder": name, "aria-label": name, "class": "mb-2"}
    return cast("forms.TextInput", UnfoldAdminTextInputWidget(attributes))


TEXTS: Mapping[type[models.Field], Mapping[str, Any]] = {TextByLanguageField: {"widget": TextsWidget}}


_request: ContextVar[ref[HttpRequest] | None] = ContextVar("request_of_a_page", default=None)


class RequestAtHand:
    """The request that a page is answering here and now, and no other.

    Unfold writes it onto the page's object, and there is one of those for all threads and apps: it would hold the last
    request, with its person and whatever was posted, until the next one comes.
    """

    def __get__(self, page: object, owner: type) -> HttpRequest:
        reference = _request.get()
        request = reference() if reference else None
        if request is None:
            raise AttributeError("no request is being answered")  # unfold asks with hasattr
        return request

    def __set__(self, page: object, request: HttpRequest) -> None:
        _request.set(ref(request))


class RoomAdmin(ModelAdmin):
    """Where every page of a room begins: texts by language have an input for each."""

    request = RequestAtHand()
    list_per_page = 50
    warn_unsaved_form = True
    formfield_overrides = TEXTS


class ReadOnlyAdmin(RoomAdmin):
    """Rows that services write and people only look at."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @override
    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class RoomInline(TabularInline):
    """Rows that belong to the one being edited."""

    extra = 0
    formfield_overrides = TEXTS


class ReadOnlyInline(RoomInline):
    """Rows that are listed where they belong, a few at a time, and edited, if at all, on their own pages."""

    can_delete = False
    ordering = ["pk"]
    per_page = 10
    show_change_link = True

    @override
    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class LearnersRowsAdmin(ReadOnlyAdmin):
    """Rows of one learner each, in tables too large to be counted, or searched by anything but the id."""

    show_full_result_count = False
    search_fields = ["user__id"]
    search_help_text = "Number of a learner"
    list_select_related = ["user"]

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        if not search_term:
            return queryset, False
        # Through its index: Django's own search would cast the column to text and read the whole table.
        return queryset.filter(user_id=int(search_term)) if search_term.isdecimal() else queryset.none(), False


def label[F: Callable[..., Any]](colours: Mapping[str, str], *, description: str, ordering: str) -> Callable[[F], F]:
    """Show a column's value as a label; `colours` says which value is a success, a warning, a danger or an info."""
    return cast("Callable[[F], F]", unfold_display(label=dict(colours), description=description, ordering=ordering))


def asking_first[F: Callable[..., Any]](
    description: str, *, question: str, icon: str, permission: str
) -> Callable[[F], F]:
    """Make a button that asks before it acts; acting is a POST, which a link from elsewhere cannot forge.

    `permission` names a method: `has_<permission>_permission`. The action answers with `redirect_to`.
    """
    dialog = {"title": description, "description": question, "form_submit_text": description}
    return cast(
        "Callable[[F], F]",
        unfold_action(description=description, icon=icon, permissions=[permission], dialog=dialog),
    )


def redirect_to(url: str) -> HttpResponse:
    """Lead on from a dialog, which htmx submits: it takes its redirects from a header."""
    return HttpResponse(headers={"HX-Redirect": url})


@display(description="title", ordering="key")
def title_of(row: Any) -> SafeString:  # noqa: ANN401 - any model with a title
    """Return a row's title in the language of the page, for a list's column."""
    return show_text(text_in(row.title, get_language() or ""))


def show_text(text: str) -> SafeString:
    """Return the beginning of a text for a cell, in the text's own direction whatever the page's."""
    return format_html('<bdi dir="auto">{}</bdi>', Truncator(text).chars(SHOWN))
