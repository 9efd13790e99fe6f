"""What people write is stored and given back letter for letter, or refused: never taken for SQL or for a token."""

import html
import json
from typing import Any

import pytest
from django.db.models import Model

from tenants.registry.app import App
from tests.editors import Editor
from tests.isolation.asking import Request, ask, read_rows
from tests.isolation.desk import Desk
from tests.isolation.hostile import NO_TEXTS, TEXTS, TOKENS, find_faults, is_kept, put_everywhere
from tests.isolation.pages import read_form
from tests.isolation.routes import Operation, list_operations
from tests.isolation.siege import PUBLIC
from tests.isolation.snooping import registered
from tests.isolation.world import OWNER, World

OPERATIONS = list_operations()
#: One of each kind, for what takes long to ask.
SEVERAL = (TEXTS[1], "';DROP TABLE amal_users;--\"`\\", TEXTS[5])
#: Fields of forms that take any text.
FREE = {"name", "text", "title_ar", "title_en", "payload", "notice", "source"}
#: Members of bodies that keep any text; a change here is a change of the contract.
KEPT = {"name", "install_id", "locale", "app_version", "seed", "answers[0]client_id"}


def request_of(operation: Operation, world: World) -> Request:
    """Return what amal's owner may ask: a new session, and not the rest of one."""
    owner = world.families["amal"][OWNER]
    call = operation.fill(owner.ids, whole=True)
    body = call.body and {name: value for name, value in call.body.items() if name != "session_id"}
    token = None if (operation.method, operation.path) in PUBLIC else owner.access
    return Request(operation.method, call.path, owner.app.hosts[0], token, query=call.query, body=body)


@pytest.mark.parametrize("text", [*TEXTS, *NO_TEXTS], ids=ascii)
def test_no_text_in_a_body_is_taken_for_anything_else(text: str, world: World) -> None:
    before, kept = read_rows(), set()
    faults: list[str] = []
    for operation in OPERATIONS:
        request = request_of(operation, world)
        for place, body in put_everywhere(request.body, text):
            outcome = ask(request._replace(body=body))
            faults += find_faults(request, outcome, before, text, "amal")
            if is_kept(before, outcome, text):
                kept.add(place)

    assert faults == []
    assert kept <= (KEPT if text in TEXTS else set())
    if text == TOKENS:
        assert kept == KEPT


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_a_childs_name_comes_back_as_it_was_written(text: str, world: World) -> None:
    created = next(each for each in OPERATIONS if str(each) == "POST /user/learners")
    changed = next(each for each in OPERATIONS if each.method == "PATCH")

    answers = [ask(request_of(each, world)._replace(body={"name": text})).answer for each in (created, changed)]

    assert [answer.status for answer in answers] == [201, 200]
    assert [json.loads(answer.body)["name"] for answer in answers] == [text, text]


@pytest.mark.parametrize("text", [*TEXTS, *NO_TEXTS[:1]], ids=ascii)
def test_no_text_in_a_query_or_a_header_does_anything(text: str, world: World) -> None:
    before = read_rows()
    faults: list[str] = []
    names = ("Idempotency-Key", "X-Request-Id", "Accept-Language", "User-Agent", "If-None-Match")
    headers = dict.fromkeys(names, text.encode("ascii", "ignore").decode().replace("\0", ""))
    for operation in OPERATIONS:
        request = request_of(operation, world)
        queries = [{**request.query, name: text} for name in (*request.query, text)]
        for variant in [request._replace(headers=headers), *(request._replace(query=query) for query in queries)]:
            faults += find_faults(variant, ask(variant), before, text, "amal")

    assert faults == []


@pytest.mark.parametrize("text", [text for text in TEXTS if text.isascii()], ids=ascii)
def test_an_idempotency_key_is_the_one_that_was_sent(text: str, world: World) -> None:
    before = read_rows()
    create = next(each for each in OPERATIONS if str(each) == "POST /user/learners")

    outcome = ask(request_of(create, world)._replace(headers={"Idempotency-Key": text}))

    assert outcome.answer.status == 201
    assert is_kept(before, outcome, text)


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_an_editors_text_is_kept_as_it_is(model: type[Model], world: World, amal: App) -> None:
    desk = Desk(world, Editor(amal), model)
    path, before = f"{desk.address}{desk.own}/change/", read_rows()
    faults: list[str] = []
    lost = []
    page = read_form(desk.open(path).content.decode())
    for text in (*SEVERAL, *NO_TEXTS[:1]):
        for name in page.texts:
            changed = {name: _within(page.values[name][0], text)}
            request = desk.request("POST", path, form=page.values | changed)
            outcome = ask(request, desk.editor.client)
            faults += find_faults(request, outcome, before, text, "amal")
            if outcome.answer.status == 302 and not is_kept(before, outcome, text):
                lost.append((name, text))
            if name in FREE and text in SEVERAL and outcome.answer.status != 302:
                lost.append((name, text))

    assert faults == []
    assert lost == []


def _within(value: str, text: str) -> str:
    """Put a text where a value is; into each text of a JSON document."""
    if not value.startswith("{"):
        return text
    return json.dumps({name: text if isinstance(each, str) else each for name, each in json.loads(value).items()})


@pytest.mark.parametrize("model", registered(), ids=lambda model: model._meta.label)
def test_no_text_breaks_a_list(model: type[Model], world: World, amal: App) -> None:
    desk = Desk(world, Editor(amal), model)
    columns = [field.name for field in model._meta.fields][1:5]
    faults: list[str] = []
    for text in (TOKENS, "a\0b"):
        queries = [{"q": text}, {"o": text, "p": text}, {text: text}, {"_to_field": text, "_popup": "1"}]
        queries += [{f"{name}__{lookup}": text} for name in columns for lookup in ("icontains", "{app}")]
        for query in queries:
            request = desk.request("GET", desk.address, query=query)
            faults += find_faults(request, ask(request, desk.editor.client), desk.before, text, "amal")

    assert faults == []


@pytest.mark.parametrize(
    "path",
    [
        "/user/%00",
        "/user/%FF%FE",
        "/user/learners/%7Bapp%7D",
        "/app/%7Bapp%7Dusers",
        "/app/content/packs/%7Bapp%7D",
        "/boss/%7Bapp%7D/",
        "/boss/accounts/user/%7Bapp%7Dusers/change/",
        "/boss/accounts/user/_00/change/",
        "/boss/accounts/user/_7Bapp_7D/delete/",
        "/boss/r/%7Bapp%7D/1/",
        "/boss/autocomplete/?app_label=%7Bapp%7D&model_name=users&field_name=x&term=%00",
        "/boss/autocomplete/?app_label=accounts&model_name=guardianship&field_name=guardian&term=%7Bapp%7Dusers%00",
        "/boss/search/?s=%7Bapp%7Dusers%00",
    ],
)
def test_no_address_breaks_anything(path: str, world: World, amal: App) -> None:
    client = Editor(amal).client
    client.raise_request_exception = False

    response: Any = client.get(path)

    assert response.status_code < 500
    assert "amal_users" not in html.unescape(response.content.decode())
