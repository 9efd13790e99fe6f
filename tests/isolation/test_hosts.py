"""The Host header is all that names an app: spelt oddly, given twice, or beside another one in the request line."""

from collections.abc import Iterator

import pytest

from tenants import current
from tenants.registry.app import App
from tests.isolation.asking import Answer, Request, ask
from tests.isolation.planting import seal
from tests.isolation.raw import ask_raw
from tests.isolation.routes import Operation, list_operations
from tests.isolation.siege import AT_ANY_HOST, PUBLIC
from tests.isolation.world import HERMIT, OWNER, Family, World

OPERATIONS = [each for each in list_operations() if each.path not in AT_ANY_HOST]
SPELLINGS = ("amal.localhost:8000", "amal.localhost:99999", "AMAL.LocalHost", "amal.localhost.", "amal.localhost.:80")
MIXTURES = (
    "",
    "amal.localhost,thurayya.localhost",
    "amal.localhost, thurayya.localhost",
    "amal.localhost thurayya.localhost",
    "amal.localhost\tthurayya.localhost",
    "amal.localhost;thurayya.localhost",
    "amal.localhost/thurayya.localhost",
    "amal.localhost#thurayya.localhost",
    "amal.localhost?thurayya.localhost",
    "amal.localhost:thurayya.localhost",
    "amal.localhost\\thurayya.localhost",
    "amal.localhost\0thurayya.localhost",
    "amal.localhost%00.thurayya.localhost",
    "thurayya.localhost@amal.localhost",
    "thurayya.localhost:80@amal.localhost:80",
    "thurayya.amal.localhost",
    "amal.localhost.thurayya.localhost",
    "amal_localhost",
    "{app}.localhost",
    "*",
    ".localhost",
    "[::1]",
    "[amal.localhost]",
    "http://amal.localhost",
    "amal.localhost' OR '1'='1",
    "\u0430mal.localhost",  # a Cyrillic letter
    "am\u00adal.localhost",  # a soft hyphen
)


def request_of(operation: Operation, family: Family, host: str) -> Request:
    """Return what a family may ask, at some host."""
    call = operation.fill(family.ids, whole=True)
    token = None if (operation.method, operation.path) in PUBLIC else family.access
    return Request(operation.method, call.path, host, token, query=call.query, body=call.body)


@pytest.fixture
def pinned_to_amal(amal: App) -> Iterator[None]:
    current.pin(amal)
    yield
    current.pin(None)


@pytest.mark.parametrize("host", SPELLINGS)
def test_an_app_is_found_however_its_host_is_spelt(host: str, world: World) -> None:
    owner = world.families["amal"][OWNER]

    def answer(operation: Operation, host: str) -> Answer:
        return ask(request_of(operation, owner, host)).answer.settled()

    assert [str(each) for each in OPERATIONS if answer(each, host) != answer(each, "amal.localhost")] == []


def test_a_host_of_two_apps_is_nobodys(world: World) -> None:
    owner = world.families["amal"][OWNER]
    learners = next(each for each in OPERATIONS if str(each) == "GET /user/learners")
    asked = [(learners, host) for host in MIXTURES] + [(each, MIXTURES[1]) for each in OPERATIONS]
    outcomes = {(str(each), host): ask(request_of(each, owner, host)) for each, host in asked}

    assert {asked: outcome.answer.status for asked, outcome in outcomes.items() if outcome.answer.status != 404} == {}
    assert [asked for asked, outcome in outcomes.items() if outcome.rows or "seal-" in outcome.answer.text()] == []


@pytest.mark.parametrize(
    "lines",
    [
        ("GET {path} HTTP/1.1", "Host: amal.localhost", "Host: thurayya.localhost"),
        ("GET {path} HTTP/1.1", "Host: thurayya.localhost", "Host: amal.localhost"),
        ("GET {path} HTTP/1.1", "Host: amal.localhost", "host: amal.localhost"),
        ("GET {path} HTTP/1.1", "Host: amal.localhost,thurayya.localhost"),
        ("GET {path} HTTP/1.1", "Host: thurayya.localhost:80@amal.localhost"),
        ("GET {path} HTTP/1.1", "Host:"),
        ("GET {path} HTTP/1.1",),
        ("GET {path} HTTP/1.0",),
        ("GET {path} HTTP/1.1", "X-Forwarded-Host: amal.localhost"),
        ("GET {path} HTTP/1.1", "Host : amal.localhost"),
        ("GET {path} HTTP/1.1", "Host: nobody", " amal.localhost"),
        ("GET {path} HTTP/1.1", "HTTP_HOST: amal.localhost"),
    ],
)
def test_the_server_serves_nobody_where_the_host_is_not_one(lines: tuple[str, ...], world: World) -> None:
    owner = world.families["amal"][OWNER]
    path = f"/user/{owner.ids['user_id']}/progress"

    answer = ask_raw(lines[0].format(path=path), *lines[1:], f"Authorization: Bearer {owner.access}")

    assert answer.status in {400, 404}
    assert "seal-" not in answer.text()


@pytest.mark.parametrize(
    "target",
    ["http://thurayya.localhost{path}", "http://thurayya.localhost:80{path}", "http://amal@thurayya.localhost{path}"],
)
def test_a_host_in_the_request_line_does_not_outdo_the_header(target: str, world: World) -> None:
    amals, thurayyas = world.families["amal"][OWNER], world.families["thurayya"][OWNER]
    line = f"GET {target.format(path=f'/user/{amals.ids["user_id"]}/progress')} HTTP/1.1"

    plain = ask_raw(
        line.replace(target.partition("{")[0], ""), "Host: amal.localhost", f"Authorization: Bearer {amals.access}"
    )
    own = ask_raw(line, "Host: amal.localhost", f"Authorization: Bearer {amals.access}")
    foreign = ask_raw(line, "Host: amal.localhost", f"Authorization: Bearer {thurayyas.access}")

    assert plain.status == 200
    assert own in {plain, own._replace(status=404)}
    assert seal("thurayya") not in own.text()
    assert foreign.status in {401, 404}
    assert "seal-" not in foreign.text()


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_a_pinned_process_serves_nobody_else(operation: Operation, world: World, pinned_to_amal: None) -> None:
    amals, thurayyas = world.families["amal"], world.families["thurayya"]
    foreign = [request_of(operation, family, "thurayya.localhost") for family in (*amals.values(), *thurayyas.values())]
    own = ask(request_of(operation, amals[OWNER], "any.gateway.example")).answer
    foreign_token = ask(
        request_of(operation, thurayyas[HERMIT], "any.gateway.example")._replace(token=thurayyas[HERMIT].access)
    ).answer

    outcomes = [ask(request) for request in foreign]

    assert 200 <= own.status < 300
    assert seal("thurayya") not in own.text() + foreign_token.text()
    assert [(each.answer.status, each.rows) for each in outcomes] == [(404, None)] * len(foreign)
    assert [each.answer.body for each in outcomes if "seal-" in each.answer.text()] == []
