"""The attacks on the dashboard on trial: mistakes are put into its pages, and each must be found."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db import connection
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest

from content.admin.curriculum import ConceptAdmin
from content.models import Concept
from tenants import current
from tenants.registry.app import App
from tests.clients import AppClient
from tests.editors import Editor
from tests.isolation.desk import Desk
from tests.isolation.snooping import complete_words, find_by_own_words, open_rows, search_the_list
from tests.isolation.tampering import act_on_rows, put_into_forms
from tests.isolation.test_admin_attacks import a_guardian as a_guardian  # noqa: PLC0414 - the fixture
from tests.isolation.test_admin_attacks import try_doors
from tests.isolation.world import World

pytestmark = pytest.mark.of_tests

type Patch = pytest.MonkeyPatch


def amals_names() -> str:
    """Return what a page of thurayya has no business with."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM amal_users")
        return " ".join(name for (name,) in cursor.fetchall())


def column_of_the_other_app(patch: Patch) -> None:
    patch.setattr(ConceptAdmin, "shown_text", lambda *_: amals_names())


def search_across_apps(patch: Patch) -> None:
    """Tell by the number of rows whether the other app has the word."""

    def search(_: Any, __: Any, queryset: Any, term: str) -> Any:
        with current.use("amal"):
            found = Concept.objects.filter(key__contains=term).exists()
        return (queryset if found else queryset.none()), False

    patch.setattr(ConceptAdmin, "get_search_results", search)


def search_that_finds_nothing(patch: Patch) -> None:
    patch.setattr(ConceptAdmin, "get_search_results", lambda _, __, queryset, ___: (queryset.none(), False))


def row_of_the_other_app(patch: Patch) -> None:
    def get_object(_: Any, __: Any, number: str, *___: Any) -> Any:
        for name in ("thurayya", "amal"):
            with current.use(name):
                if row := Concept.objects.select_related("unit", "licence").filter(pk=number).first():
                    return row
        return None

    patch.setattr(ConceptAdmin, "get_object", get_object)


def row_told_from_nothing(patch: Patch) -> None:
    """Refuse what the other app has otherwise than what nobody has."""
    found = ConceptAdmin.get_object

    def get_object(self: Any, request: HttpRequest, number: str, *rest: Any) -> Any:
        with current.use("amal"):
            if number.isdecimal() and Concept.objects.filter(pk=number).exists() and number == "920000":
                raise PermissionError
        return found(self, request, number, *rest)

    patch.setattr(ConceptAdmin, "get_object", get_object)


def completion_of_the_other_app(patch: Patch) -> None:
    patch.setattr(AutocompleteJsonView, "serialize_result", lambda *_: {"id": "1", "text": amals_names()})


def action_in_the_other_app(patch: Patch) -> None:
    def retire(_: Any, __: Any, queryset: Any) -> None:
        with current.use("amal"):
            Concept.objects.filter(pk__in=[900_000, 920_000]).update(is_live=False)

    patch.setattr(ConceptAdmin, "retire", admin.action(description="Retire", permissions=["change"])(retire))


def saving_into_the_other_app(patch: Patch) -> None:
    def save_model(_: Any, __: Any, row: Concept, *___: Any) -> None:
        with current.use("amal"):
            Concept.objects.filter(pk=row.pk).update(text=row.text)

    patch.setattr(ConceptAdmin, "save_model", save_model)


def links_that_nobody_checks(patch: Patch) -> None:
    def to_python(field: Any, value: Any) -> Any:
        return field.queryset.model(pk=value) if value else None

    patch.setattr(ModelChoiceField, "to_python", to_python)
    patch.setattr(ForeignKey, "validate", lambda *_: None)  # the model would ask once more


@pytest.mark.parametrize(
    ("mistake", "attack", "complaint"),
    [
        (column_of_the_other_app, search_the_list, "the list: "),
        (search_across_apps, search_the_list, "a search: "),
        (search_that_finds_nothing, find_by_own_words, "a search: "),
        (row_of_the_other_app, open_rows, "their row: "),
        (row_told_from_nothing, open_rows, "their row: "),
        (completion_of_the_other_app, complete_words, "completing "),
        (action_in_the_other_app, act_on_rows, "retire of "),
        (saving_into_the_other_app, put_into_forms, "an unchanged form: "),
        (links_that_nobody_checks, put_into_forms, "a form with their unit: "),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_mistake_is_found(
    mistake: Callable[[Patch], None],
    attack: Callable[[Desk], None],
    complaint: str,
    world: World,
    thurayya: App,
    monkeypatch: Patch,
) -> None:
    desk = Desk(world, Editor(thurayya), Concept)
    mistake(monkeypatch)

    attack(desk)

    assert [leak for leak in desk.leaks if leak.startswith(complaint)] != []


def test_a_door_that_lets_everybody_in_is_found(world: World, a_guardian: AppClient, monkeypatch: Patch) -> None:
    monkeypatch.setattr(admin.site, "has_permission", lambda request: request.user.is_active)

    found = list(try_doors(world, a_guardian, {302}))

    assert [each for each in found if "answered 200" in each] != []
