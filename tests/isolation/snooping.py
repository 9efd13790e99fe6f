"""Looking for the other app's rows with everything that the dashboard offers to look with."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from accounts.models import User
from tenants import current
from tests.isolation.asking import Answer
from tests.isolation.desk import Desk
from tests.isolation.judging import compare
from tests.isolation.pages import Page, list_pages
from tests.isolation.planting import lure
from tests.isolation.world import MISSING

FORMS: tuple[dict[str, str], ...] = (
    {"post": "yes"},
    {"_save": "1", "name": "taken"},
    {"password1": "x", "password2": "x"},
)


def search_the_list(desk: Desk) -> None:
    """Ask the list for the other app's rows by every parameter that it takes."""
    own = desk.look("the list", desk.address, {200})
    if f"/{desk.own}/change/".encode() not in own.body:
        desk.leaks.append(f"the list: {desk.address}: does not show their own row")
    for query in _list_queries(desk):
        desk.look("the list", desk.address, **query)
    bait, nothing = lure(desk.other), "lure-nobodys"
    found, expected = (desk.look("a search", desk.address, q=term).settled().without(term) for term in (bait, nothing))
    desk.leaks += compare("a search", desk.request("GET", desk.address, query={"q": bait}), found, expected)


def _list_queries(desk: Desk) -> Iterator[dict[str, Any]]:
    changelist = desk.open(desk.address).context_data["cl"]
    columns = [str(column) for column in range(len(changelist.list_display) + 2)]
    yield from ({"o": ".".join(columns)}, {"o": ".".join(f"-{column}" for column in columns), "all": ""})
    yield from ({"q": desk.theirs, "_popup": "1", "_to_field": "id"}, {"p": "2", "e": "1"})
    yield {"_changelist_filters": f"q={lure(desk.other)}"}
    yield from ({name: desk.theirs} for name in ("id", "user__id__exact", "user__name__contains"))
    for spec in changelist.filter_specs:
        yield from ({name: value} for name in spec.expected_parameters() for value in (desk.theirs, lure(desk.other)))
        choices = list(spec.choices(changelist))
        yield from (dict(parse_qsl(each["query_string"][1:])) for each in choices if "query_string" in each)
    if hierarchy := changelist.date_hierarchy:
        yield from ({f"{hierarchy}__{part}": value} for part, value in (("year", 2026), ("month", 11), ("day", 23)))


def open_rows(desk: Desk) -> None:
    """Open the pages of a row that only the other app has: as good as one that nobody has."""
    desk.look("their own row", f"{desk.address}{desk.own}/change/", {200})
    for page in list_pages():
        if page.model is desk.model and page.names_a_row():
            _open(desk, page)
    with current.use(desk.app):
        kind = ContentType.objects.get_for_model(desk.model).pk
    desk.look("a link", f"/boss/r/{kind}/{desk.theirs}/")
    desk.look("a form begun", f"{desk.address}add/", **_name_their_row(desk))


def _name_their_row(desk: Desk) -> dict[str, Any]:
    return dict.fromkeys(("id", "user", "unit", "concept"), desk.theirs)


def _open(desk: Desk, page: Page) -> None:
    with current.use(desk.app):
        theirs, nobodys = page.fill(desk.theirs), page.fill(MISSING)
    for form in (None, *FORMS):
        if form is None:
            answer, expected = desk.look("their row", theirs), desk.look("nobody's row", nobodys)
        else:
            answer, expected = desk.submit("their row", theirs, form), desk.submit("nobody's row", nobodys, form)
        if _seen(answer, desk.theirs) != _seen(expected, MISSING):
            desk.leaks.append(f"their row: {theirs}: {_seen(answer, desk.theirs)}, not {_seen(expected, MISSING)}")


def _seen(answer: Answer, number: object) -> tuple[int, str]:
    """Return what tells a row that is there from one that is not; the number itself stands in addresses."""
    return answer.status, dict(answer.headers).get("Location", "").replace(str(number), "…")


def complete_words(desk: Desk) -> None:
    """Type the other app's words where a form completes them, and find their own by the same words."""
    for model, field in _completing_fields(desk):
        facts: dict[str, Any] = {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field,
        }
        attack, path = f"completing {field}", "/boss/autocomplete/"
        for term in ("", lure(desk.other), desk.theirs):
            desk.look(attack, path, {200}, **facts, term=term)
        if lure(desk.app).encode() not in desk.look(attack, path, {200}, **facts, term=lure(desk.app)).body:
            desk.leaks.append(f"{attack} of {desk.address}: finds nothing of their own")


def _completing_fields(desk: Desk) -> list[tuple[type[Model], str]]:
    pages: list[tuple[type[Model], Any]] = [(desk.model, desk.page)]
    pages += ((each.model, each) for each in desk.page.inlines)
    return [(model, field) for model, page in pages for field in page.autocomplete_fields]


def find_by_own_words(desk: Desk) -> None:
    """Find an own row by what the list says it searches in, so that finding nothing means something."""
    for name in desk.page.search_fields:
        value = _value_of(desk, name)
        answer = desk.look("a search", desk.address, {200}, q=value)
        if value and f"/{desk.own}/change/".encode() not in answer.body:
            desk.leaks.append(f"a search: {desk.address}?q={value}: does not find their own row")


def _value_of(desk: Desk, name: str) -> object:
    """Return what an own row has in a column that is searched, or its text where the column holds more than that."""
    value: Any = desk.owner.planter.guardian if desk.model is User else desk.owner.row(desk.model)
    for part in name.split("__"):
        if isinstance(value, Model):
            value = getattr(value, part)
    return value if isinstance(value, str | int | None) else desk.owner.planter.text(desk.model)


def registered() -> list[type[Model]]:
    return sorted(admin.site._registry, key=lambda model: model._meta.label)
