"""Views that answer step by step, and ask the database who number 77 is at each step."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path

from accounts.models import User
from tenants import current

APPS = ("amal", "thurayya")
STEPS = 3
#: By the bodies that `waiting` and `waiting_async` make, which nobody reads to the end.
CLOSED_IN: list[str | None] = []

type StreamingView = Callable[[HttpRequest], StreamingHttpResponse]


def add_people() -> None:
    """The same number is another person in each app."""
    for name in APPS:
        with current.use(name):
            User.objects.create(pk=77, kind="learner", name=f"{name}s")


def headers_of(name: str) -> dict[str, str]:
    return {"host": f"{name}.localhost"}


def name_here() -> str | None:
    app = current.find()
    return app and app.name


def read_name() -> bytes:
    return User.objects.get(pk=77).name.encode() + b" "


def steps(_: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(read_name() for _ in range(STEPS))


def steps_async(_: HttpRequest) -> StreamingHttpResponse:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(STEPS):
            await asyncio.sleep(0)
            yield (await User.objects.aget(pk=77)).name.encode() + b" "

    return StreamingHttpResponse(body())


async def steps_of_an_async_view(request: HttpRequest) -> StreamingHttpResponse:
    return steps_async(request)


def broken(_: HttpRequest) -> StreamingHttpResponse:
    def body() -> Iterator[bytes]:
        yield read_name()
        raise ZeroDivisionError(current.get().name)

    return StreamingHttpResponse(body())


def waiting(_: HttpRequest) -> StreamingHttpResponse:
    def body() -> Iterator[bytes]:
        try:
            yield b"one"
            yield b"two"
        finally:
            CLOSED_IN.append(name_here())

    return StreamingHttpResponse(body())


def waiting_async(_: HttpRequest) -> StreamingHttpResponse:
    async def body() -> AsyncIterator[bytes]:
        try:
            yield b"one"
            await asyncio.sleep(60)
            yield b"two"
        finally:
            await asyncio.sleep(0)
            CLOSED_IN.append(name_here())

    return StreamingHttpResponse(body())


urlpatterns = [
    path("steps", steps),
    path("steps-async", steps_async),
    path("steps-of-an-async-view", steps_of_an_async_view),
    path("broken", broken),
    path("waiting-async", waiting_async),
]
