"""Async views: the app follows every await, thread and task, and is gone after the request."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from accounts.models import User
from tenants import current
from tenants.current import NoTenant
from tenants.registry.catalogue import get_app
from tests.clients import AsyncAppClient
from tests.tenants.streams import APPS, add_people, name_here

pytestmark = pytest.mark.urls(__name__)

REQUESTS = 60
STEPS = 5

type Read = Callable[[], Awaitable[str]]


async def read_async() -> str:
    """Ask the database who number 77 is."""
    return (await User.objects.aget(pk=77)).name


def read() -> str:
    return User.objects.get(pk=77).name


def read_and_close() -> str:
    """Ask from a thread of a pool, where nobody else closes the connection."""
    try:
        return read()
    finally:
        connections.close_all()


def read_in_a_loop_of_its_own() -> str:
    return async_to_sync(read_async)()


async def read_within() -> str:
    async with asyncio.TaskGroup() as group:
        return await group.create_task(read_async())


#: Every road from an async view to the database.
ROADS: dict[str, Read] = {
    "aget": read_async,
    "thread": sync_to_async(read),
    "any_thread": sync_to_async(read_and_close, thread_sensitive=False),
    "thread_and_back": sync_to_async(read_in_a_loop_of_its_own),
    "to_thread": lambda: asyncio.to_thread(read_and_close),
    "task": read_within,
}
LATER: dict[str, asyncio.Task[str]] = {}


async def travel(request: HttpRequest) -> HttpResponse:
    return JsonResponse({road: await read() for road, read in ROADS.items()})


async def step(request: HttpRequest) -> HttpResponse:
    """Look again and again, with other requests' steps in between."""
    seen = []
    for _ in range(STEPS):
        await asyncio.sleep(0.001)
        seen += [await read_async(), current.get().name + "s"]
    return HttpResponse(" ".join(sorted(set(seen))))


async def create(request: HttpRequest) -> HttpResponse:
    learner = await User.objects.acreate(kind="learner", name="Badr")
    return HttpResponse(str(learner.pk))


async def leave_a_task(request: HttpRequest) -> HttpResponse:
    async def wait_and_read() -> str:
        await asyncio.sleep(0.02)
        return await read_async()

    LATER[current.get().name] = asyncio.create_task(wait_and_read())
    return HttpResponse()


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse(read())


urlpatterns = [path(view.__name__, view) for view in (travel, step, create, leave_a_task, plain)]


@pytest.fixture
def people(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    add_people()
    # Each request has a thread of its own under ASGI, which must not leave a connection behind.
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


async def ask(address: str, name: str) -> Any:
    return await AsyncAppClient(get_app(name)).get(address)


@pytest.mark.parametrize("name", APPS)
def test_every_road_to_the_database_ends_in_the_requests_app(people: None, name: str) -> None:
    response = async_to_sync(ask)("/travel", name)

    assert response.json() == dict.fromkeys(ROADS, f"{name}s")


@pytest.mark.parametrize("road", ROADS)
def test_no_road_leads_anywhere_without_an_app(people: None, road: str) -> None:
    async def travel_without() -> None:
        await ROADS[road]()

    with pytest.raises((NoTenant, ExceptionGroup)) as caught:
        async_to_sync(travel_without)()

    assert caught.errisinstance(NoTenant) or caught.group_contains(NoTenant)


def test_what_a_view_creates_is_in_its_app(people: None) -> None:
    async_to_sync(ask)("/create", "thurayya")

    found = {}
    for name in APPS:
        with current.use(name):
            found[name] = User.objects.filter(name="Badr").count()
    assert found == {"amal": 0, "thurayya": 1}


def test_a_plain_view_under_asgi_reads_its_requests_app(people: None) -> None:
    assert [async_to_sync(ask)("/plain", name).content for name in APPS] == [b"amals", b"thurayyas"]


def test_requests_of_two_apps_at_once_never_meet(people: None) -> None:
    async def race() -> list[bytes]:
        names = [APPS[number % 2] for number in range(REQUESTS)]
        responses = await asyncio.gather(*(ask("/step", name) for name in names))
        assert name_here() is None
        return [response.content for response in responses]

    assert async_to_sync(race)() == [b"amals", b"thurayyas"] * (REQUESTS // 2)


def test_coroutines_gathered_from_two_apps_never_meet(people: None) -> None:
    async def read_in(name: str) -> list[str]:
        with current.use(name):
            return [await read() for _ in range(STEPS) for read in ROADS.values()]

    async def race() -> list[list[str]]:
        return await asyncio.gather(*(read_in(name) for name in APPS * 5))

    answers = STEPS * len(ROADS)
    assert async_to_sync(race)() == [["amals"] * answers, ["thurayyas"] * answers] * 5


def test_a_task_that_outlives_its_request_keeps_the_app(people: None) -> None:
    async def ask_and_wait() -> list[str]:
        for name in APPS:
            await ask("/leave_a_task", name)
        assert name_here() is None
        return [await LATER.pop(name) for name in APPS]

    assert async_to_sync(ask_and_wait)() == ["amals", "thurayyas"]


def test_a_request_cancelled_in_the_middle_leaves_nothing_current(people: None) -> None:
    async def cancel_and_ask() -> tuple[str | None, bytes]:
        request = asyncio.ensure_future(ask("/step", "amal"))
        await asyncio.sleep(0.003)
        request.cancel()
        with pytest.raises(asyncio.CancelledError):
            await request
        return name_here(), (await ask("/step", "thurayya")).content

    assert async_to_sync(cancel_and_ask)() == (None, b"thurayyas")


def test_a_block_that_is_cancelled_inside_is_left() -> None:
    async def wait_in_amal() -> str | None:
        with pytest.raises(TimeoutError), current.use("amal"):
            async with asyncio.timeout(0.001):
                await asyncio.sleep(60)
        return name_here()

    with current.use("thurayya"):
        assert asyncio.run(wait_in_amal()) == "thurayya"
