"""Every page of the dashboard, from its URLconf, and how to open it for a given row."""

import re
from html.parser import HTMLParser
from typing import Any, NamedTuple, override

from django.apps import apps
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import get_resolver

from accounts.models import User
from content.models import Concept, Publication
from tenants import current
from tests.isolation.examples import Unfillable
from tests.isolation.routes import DASHBOARD, walk
from tests.isolation.world import Family

REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)


class Page(NamedTuple):
    """An address with gaps; `model` is None for what belongs to no list of rows."""

    template: str
    model: type[Model] | None

    def __str__(self) -> str:
        return self.template

    def names_a_row(self) -> bool:
        return "object_id>" in self.template or "<id>" in self.template

    def fill(self, number: object) -> str:
        """Return the address for one row."""
        known = {"object_id": number, "id": number, "url": "nowhere/", "content_type_id": _content_type()}
        template = re.sub(r"\^?\(\?P<app_label>([a-z]+)[^)]*\)", r"\1", self.template).replace("$", "")
        template = re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", template)

        def put(found: re.Match[str]) -> str:
            if found[1] not in known:
                raise Unfillable(found[1], self.template)
            return str(known[found[1]])

        return re.sub(r"<(?:\w+:)?(\w+)>", put, template)


def list_pages() -> list[Page]:
    """Return every page of the dashboard, once."""
    paths = [path for path, _ in walk(get_resolver()) if path.startswith(DASHBOARD)]
    return [Page(path, _model_of(path)) for path in dict.fromkeys(paths)]


def number_of(family: Family, model: type[Model] | None) -> object:
    """Return the id of a family's row, of the guardian where there is no model."""
    if model is None or model is User:
        return family.planter.guardian.pk
    return Publication.THE_ONE if model is Publication else family.row(model).pk


def only_there(family: Family, model: type[Model] | None) -> object:
    """Return an id that only this family's app has; of the single publication there is none."""
    return family.planter.number if model is Publication else number_of(family, model)


def _model_of(path: str) -> type[Model] | None:
    found = re.match(r"/boss/([a-z]+)/([a-z]+)/", path)
    return apps.get_model(found[1], found[2]) if found else None


def _content_type() -> int:
    """Return the id of a type in the current app, for links that lead from the history to a page."""
    return ContentType.objects.get_for_model(Concept).pk if current.find() else 1


class FormReader(HTMLParser):
    """Reads what a browser would send when nothing is changed."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.texts: list[str] = []
        self._inside = False
        self._select = self._textarea = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = facts.get("method") == "post" and facts.get("id", "").endswith("_form")
        if not self._inside:
            return
        match tag:
            case "input":
                self._input(facts)
            case "select":
                self._select = facts.get("name", "")
            case "option" if "selected" in facts and self._select:
                self.values.setdefault(self._select, []).append(facts.get("value", ""))
            case "textarea":
                self._textarea = facts.get("name", "")
                self.values[self._textarea] = [""]
                self.texts.append(self._textarea)

    def _input(self, facts: dict[str, str]) -> None:
        kind, name = facts.get("type", "text"), facts.get("name", "")
        unchecked = kind in {"checkbox", "radio"} and "checked" not in facts
        if name and kind not in {"submit", "button", "file"} and not unchecked:
            self.values.setdefault(name, []).append(facts.get("value", "on"))
            self.texts += [name] if kind in {"text", "email", "url"} else []

    @override
    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea][0] += data

    @override
    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "form":
                self._inside = False
            case "select":
                self._select = ""
            case "textarea":
                # A browser drops the first line break, which templates put there.
                self.values[self._textarea][0] = self.values[self._textarea][0].removeprefix("\n")
                self._textarea = ""


def read_form(html: str) -> FormReader:
    """Return what a page's form holds, without `__prefix__` rows, which browsers send but Django ignores."""
    reader = FormReader()
    reader.feed(html)
    reader.values = {name: values for name, values in reader.values.items() if "__prefix__" not in name}
    reader.texts = [name for name in reader.texts if name in reader.values]
    return reader
