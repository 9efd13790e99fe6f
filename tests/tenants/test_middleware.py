"""Which app a request is for: the Host says it, and nothing else can."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asgiref.sync import iscoroutinefunction
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tenants import current
from tenants.middleware import TenantMiddleware
from tenants.registry.app import App
from tests.phones import problem_of


@pytest.fixture
def pinned_to_thurayya(thurayya: App) -> Iterator[None]:
    current.pin(thurayya)
    yield
    current.pin(None)


def app_named_by(client: Client, host: str, path: str = "/app/config", **headers: str) -> Any:
    response: Any = client.get(path, headers={"host": host, **headers})
    return response.json()["app"] if response.status_code == 200 else problem_of(response)["code"]


@pytest.mark.parametrize(
    "host",
    ["amal.localhost", "amal.localhost:8000", "AMAL.LocalHost", "amal.localhost.", "amal.localhost.:8000"],
)
def test_the_host_picks_the_app(db: None, client: Client, host: str) -> None:
    assert app_named_by(client, host) == "amal"


@pytest.mark.parametrize("host", ["thurayya.localhost", "thurayya.alphazed.app"])
def test_another_host_picks_another_app(db: None, client: Client, host: str) -> None:
    assert app_named_by(client, host) == "thurayya"


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1:8000", "nobody.example", "xamal.localhost", "amal.localhost.evil.example", "@", "[::1]"],
)
def test_an_unknown_host_is_a_problem(client: Client, host: str) -> None:
    response: Any = client.get("/app/config", headers={"host": host})

    assert response.status_code == 404
    assert problem_of(response)["detail"] == "no app is served at this host"


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-host": "thurayya.localhost"},
        {"x-app": "thurayya"},
        {"x-tenant": "thurayya"},
        {"forwarded": "host=thurayya.localhost"},
        {"x-original-host": "thurayya.localhost"},
        {"cookie": "app=thurayya; app_name=thurayya"},
        {"referer": "http://thurayya.localhost/"},
        {"origin": "http://thurayya.localhost"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_no_other_header_picks_the_app(db: None, client: Client, headers: dict[str, str]) -> None:
    assert app_named_by(client, "amal.localhost", **headers) == "amal"


def test_no_query_picks_the_app(db: None, client: Client) -> None:
    assert app_named_by(client, "amal.localhost", "/app/config?app=thurayya&host=thurayya.localhost") == "amal"


def test_no_header_helps_an_unknown_host(client: Client) -> None:
    assert app_named_by(client, "localhost", **{"x-forwarded-host": "amal.localhost"}) == "not_found"


def test_no_body_picks_the_app(db: None, client: Client) -> None:
    body = {"install_id": "x", "platform": "web", "app": "thurayya", "host": "thurayya.localhost"}
    start = client.post("/app/device", body, "application/json", headers={"host": "amal.localhost"}).json()

    def learners_at(host: str) -> int:
        headers = {"host": host, "authorization": f"Bearer {start['access']}"}
        return client.get("/user/learners", headers=headers).status_code

    assert (learners_at("amal.localhost"), learners_at("thurayya.localhost")) == (200, 401)


def test_a_pinned_process_ignores_a_host_that_is_nobodys(
    db: None, client: Client, pinned_to_thurayya: None, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert app_named_by(client, "abc123.execute-api.example") == "thurayya"
    assert app_named_by(client, "thurayya.localhost") == "thurayya"


def test_a_pinned_process_does_not_answer_for_another_app(
    db: None, client: Client, pinned_to_thurayya: None, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    response: Any = client.get("/app/config", headers={"host": "amal.localhost"})

    assert response.status_code == 404
    assert problem_of(response)["detail"] == "this host belongs to another app"


def test_health_needs_no_app(db: None, client: Client) -> None:
    response: Any = client.get("/app/health", headers={"host": "localhost"})

    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_a_load_balancer_asks_for_health_by_address(db: None, client: Client) -> None:
    """It knows the machine's address only, which stands in no registry."""
    assert client.get("/app/health", headers={"host": "10.1.2.3:8000"}).status_code == 200


def test_health_answers_in_a_pinned_process_too(db: None, client: Client, pinned_to_thurayya: None) -> None:
    assert client.get("/app/health", headers={"host": "localhost"}).status_code == 200


def test_only_the_very_path_of_health_goes_without_an_app(client: Client) -> None:
    for path in ("/app/health/", "/app/healthy", "/app/config"):
        assert client.get(path, headers={"host": "localhost"}).status_code == 404


def test_the_app_is_let_go_after_a_request(db: None, client: Client) -> None:
    client.get("/app/config", headers={"host": "amal.localhost"})

    assert current.find() is None


def test_the_app_is_let_go_after_a_crash() -> None:
    def crash(_: HttpRequest) -> HttpResponse:
        assert current.get().name == "amal"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        TenantMiddleware(crash)(RequestFactory().get("/app/config", headers={"host": "amal.localhost"}))

    assert current.find() is None


def test_what_was_current_before_a_request_is_current_after_it(db: None, client: Client) -> None:
    with current.use("thurayya"):
        named = app_named_by(client, "amal.localhost")
        after = current.get().name

    assert (named, after) == ("amal", "thurayya")


def test_an_async_stack_serves_each_request_in_its_own_app() -> None:
    async def look(_: HttpRequest) -> HttpResponse:
        first = current.get().name
        await asyncio.sleep(0.001)
        return HttpResponse(f"{first} {current.get().name}")

    async def race() -> list[bytes]:
        hosts = [f"{name}.localhost" for name in ("amal", "thurayya")] * 5
        requests = [RequestFactory().get("/app/config", headers={"host": host}) for host in hosts]
        middleware: Any = TenantMiddleware(look)
        assert iscoroutinefunction(middleware)
        return [answer.content for answer in await asyncio.gather(*map(middleware, requests))]

    assert asyncio.run(race()) == [b"amal amal", b"thurayya thurayya"] * 5
    assert current.find() is None


def test_an_async_stack_refuses_an_unknown_host_and_needs_no_app_for_health() -> None:
    async def look(_: HttpRequest) -> HttpResponse:
        return HttpResponse(str(current.find()))

    async def ask(path: str) -> HttpResponse:
        middleware: Any = TenantMiddleware(look)
        answer: HttpResponse = await middleware(RequestFactory().get(path, headers={"host": "localhost"}))
        return answer

    assert asyncio.run(ask("/app/health")).content == b"None"
    with pytest.raises(Http404):
        asyncio.run(ask("/app/config"))
