"""Streamed bodies under ASGI, where those of several requests are made in turn on one thread."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.core.asgi import get_asgi_application
from django.db import connections
from django.http import HttpRequest, StreamingHttpResponse
from django.test import RequestFactory

from tenants.middleware import TenantMiddleware
from tenants.registry.catalogue import get_app
from tests.clients import AsyncAppClient
from tests.tenants import streams
from tests.tenants.streams import APPS, CLOSED_IN, STEPS, headers_of, name_here

pytestmark = pytest.mark.urls(streams.__name__)


@pytest.fixture(autouse=True)
def _nothing_closed() -> None:
    CLOSED_IN.clear()


@pytest.fixture
def people(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    streams.add_people()
    # Each request has a thread of its own under ASGI, which must not leave a connection behind.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


async def read_all(response: Any) -> bytes:
    return b"".join([part async for part in response])


async def ask(address: str, name: str) -> bytes:
    return await read_all(await AsyncAppClient(get_app(name)).get(address))


async def answer(view: streams.StreamingView) -> Any:
    """Answer in amal through the middleware alone, with nothing of the test client's around the body."""

    async def async_view(request: HttpRequest) -> StreamingHttpResponse:
        return view(request)

    middleware: Any = TenantMiddleware(async_view)
    return await middleware(RequestFactory().get("/", headers=headers_of("amal")))


@pytest.mark.parametrize("address", ["/steps-async", "/steps-of-an-async-view"])
def test_an_async_body_reads_its_requests_app(people: None, address: str) -> None:
    assert [async_to_sync(ask)(address, name) for name in APPS] == [b"amals " * STEPS, b"thurayyas " * STEPS]


@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume synchronous iterators")
def test_a_plain_body_under_asgi_reads_its_requests_app(people: None) -> None:
    assert [async_to_sync(ask)("/steps", name) for name in APPS] == [b"amals " * STEPS, b"thurayyas " * STEPS]


def test_two_async_bodies_read_in_turn_stay_apart(people: None) -> None:
    async def take_turns() -> list[tuple[bytes, bytes, str | None]]:
        responses: list[Any] = [await AsyncAppClient(get_app(name)).get("/steps-async") for name in APPS]
        amals, thurayyas = map(aiter, responses)
        return [(await anext(amals), await anext(thurayyas), name_here()) for _ in range(STEPS)]

    assert async_to_sync(take_turns)() == [(b"amals ", b"thurayyas ", None)] * STEPS


def test_an_async_body_is_closed_in_its_app() -> None:
    async def read_one() -> str | None:
        steps = (await answer(streams.waiting_async))._iterator
        await anext(steps)
        await steps.aclose()
        return name_here()

    assert asyncio.run(read_one()) is None
    assert CLOSED_IN == ["amal"]


def test_a_forgotten_async_body_is_closed_in_its_app() -> None:
    async def read_one() -> str | None:
        response = await answer(streams.waiting_async)
        async for _ in response:
            break
        del response
        await asyncio.sleep(0.01)  # Python closes what nobody holds in tasks of its own
        return name_here()

    assert asyncio.run(read_one()) is None
    assert CLOSED_IN == ["amal"]


def test_cancelling_an_async_body_closes_it_in_its_app_and_leaves_nothing_current() -> None:
    async def read_until_cancelled() -> str | None:
        response = await answer(streams.waiting_async)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await read_all(response)
        return name_here()

    assert asyncio.run(read_until_cancelled()) is None
    assert CLOSED_IN == ["amal"]


def connect(address: str, name: str) -> Any:
    """Be an ASGI server that has taken one request."""
    scope = {"type": "http", "method": "GET", "path": address, "query_string": b""}
    host = (b"host", f"{name}.localhost".encode())
    connection: Any = ApplicationCommunicator
    return connection(get_asgi_application(), scope | {"headers": [host]})


async def serve(address: str, name: str) -> bytes:
    browser = connect(address, name)
    await browser.send_input({"type": "http.request"})
    start = await browser.receive_output(5)
    parts = []
    while (part := await browser.receive_output(5)).get("more_body"):
        parts.append(part["body"])
    await browser.wait(5)
    assert start["status"] == 200
    return b"".join(parts)


def test_an_asgi_server_streams_to_both_apps_at_once(people: None) -> None:
    async def race() -> tuple[list[bytes], str | None]:
        return await asyncio.gather(*(serve("/steps-async", name) for name in APPS * 3)), name_here()

    assert async_to_sync(race)() == ([b"amals " * STEPS, b"thurayyas " * STEPS] * 3, None)


def test_a_browser_that_goes_away_leaves_no_body_open() -> None:
    async def go_away() -> bytes:
        browser = connect("/waiting-async", "amal")
        await browser.send_input({"type": "http.request"})
        await browser.receive_output(5)
        first: bytes = (await browser.receive_output(5))["body"]
        await browser.send_input({"type": "http.disconnect"})
        await browser.wait(5)
        return first

    assert async_to_sync(go_away)() == b"one"
    assert CLOSED_IN == ["amal"]
