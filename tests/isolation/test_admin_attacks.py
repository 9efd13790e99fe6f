"""Every page of the dashboard under attack, from its URLconf and its registry."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model

from tenants import current
from tenants.registry.app import App
from tests.clients import AppClient
from tests.editors import Editor
from tests.isolation.asking import Request, ask, read_rows
from tests.isolation.desk import SESSIONS, Desk
from tests.isolation.judging import ANY, judge
from tests.isolation.pages import list_pages, number_of
from tests.isolation.snooping import complete_words, find_by_own_words, open_rows, registered, search_the_list
from tests.isolation.tampering import act_on_rows, put_into_forms
from tests.isolation.world import OWNER, World

#: Pages for whoever has not signed in.
OPEN = {"/boss/login/", "/boss/logout/"}


@pytest.fixture
def nobody(amal: App) -> AppClient:
    return AppClient(amal)


@pytest.fixture
def the_other_apps_editor(amal: App, thurayya: App) -> AppClient:
    """Thurayya's editor at amal's door, with the cookies of both names and the values of their own session."""
    client, stranger, local = AppClient(amal), Editor(thurayya), Editor(amal)
    values = [cookie.value for cookie in stranger.client.cookies.values()]
    names = [*stranger.client.cookies, *local.client.cookies]
    assert values
    assert len(set(names)) == len(names)
    for name in names:
        client.cookies[name] = values[0]
    return client


@pytest.fixture
def a_guardian(amal: App) -> AppClient:
    """One who has signed in somehow, and does not work here."""
    return Editor(amal, "guardian@example.org", kind="guardian", is_staff=False, is_superuser=False).client


@pytest.fixture
def a_newcomer(amal: App) -> AppClient:
    """A member of the staff who may do nothing yet."""
    return Editor(amal, "new@example.org", is_superuser=False).client


def try_doors(world: World, client: AppClient, statuses: Any) -> Iterator[str]:
    """Open every page and send an empty form to it."""
    before, owner = read_rows(), world.families["amal"][OWNER]
    before["amal"].pop(SESSIONS)  # who signs out has no session any more
    for page in list_pages():
        with current.use("amal"):
            path = page.fill(number_of(owner, page.model))
        for method, form in (("GET", None), ("POST", {"post": "yes"})):
            request = Request(method, path, owner.app.hosts[0], form=form)
            expected = ANY if path in OPEN else statuses
            yield from judge("", request, ask(request, client), statuses=expected, secrets=["seal-"], unchanged=before)


@pytest.mark.parametrize("who", ["nobody", "the_other_apps_editor", "a_guardian"])
def test_whoever_is_no_editor_is_sent_to_the_door(who: str, world: World, request: pytest.FixtureRequest) -> None:
    assert list(try_doors(world, request.getfixturevalue(who), {302})) == []


def test_who_may_do_nothing_sees_nothing_and_changes_nothing(world: World, a_newcomer: AppClient) -> None:
    assert list(try_doors(world, a_newcomer, ANY)) == []


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_an_editor_sees_nothing_of_the_other_app(model: type[Model], world: World, thurayya: App) -> None:
    desk = Desk(world, Editor(thurayya), model)

    for snoop in (search_the_list, find_by_own_words, open_rows, complete_words):
        snoop(desk)

    assert desk.leaks == []


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_an_editor_changes_nothing_of_the_other_app(model: type[Model], world: World, thurayya: App) -> None:
    desk = Desk(world, Editor(thurayya), model)

    for tamper in (act_on_rows, put_into_forms):
        tamper(desk)

    assert desk.leaks == []


@pytest.mark.parametrize("term", ["lure", "lure-amal", "920000"])
def test_commands_find_their_own_apps_rows_only(term: str, world: World, thurayya: App) -> None:
    desk = Desk(world, Editor(thurayya), registered()[0])

    desk.look("a command", "/boss/search/", s=term)
    desk.look("a command", "/boss/search/", s=term, extended=1)

    assert desk.leaks == []


@pytest.mark.parametrize("cookie", ["django_language", "language", "app", "theme"])
def test_no_switch_of_language_or_theme_switches_the_app(cookie: str, world: World, thurayya: App) -> None:
    desk = Desk(world, Editor(thurayya), registered()[0])
    for value in ("ar", "amal", "ar; app=amal"):
        desk.editor.client.cookies[thurayya.prefix + cookie] = value
        desk.editor.client.cookies[cookie] = value

        for path in ("/boss/", desk.address, "/boss/jsi18n/"):
            request = desk.request(
                "GET", path, query={"language": value, "app": "amal"}, headers={"accept-language": value}
            )
            desk.judged("a switch", request, {200, 302})

    assert desk.leaks == []
