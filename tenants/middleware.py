"""Pick the app that a request is for, and let go of it afterwards."""

from contextlib import ContextDecorator
from typing import TYPE_CHECKING, Any, Final, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import Http404

from tenants import current
from tenants.current import entered_apps
from tenants.registry.catalogue import find_app_by_host

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from django.http import HttpRequest, HttpResponseBase

    from tenants.registry.app import App

#: Answered without an app: a load balancer asks by address.
WITHOUT_APP = frozenset({"/app/health"})
#: What a body answers after its last step.
END: Final = object()


class TenantMiddleware:
    """Serve the request in the app that its Host names, or in the one the process is pinned to.

    A pinned process ignores the Host, except that one of another app is a 404: such a request was routed wrongly, and
    answering it would show one app's data under another's name. No X-header, query or body can pick an app. A streamed
    body, which the server asks for when the middleware is long done, is made in the request's app too.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: "Callable[[HttpRequest], Any]") -> None:
        self._get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: "HttpRequest") -> "HttpResponseBase | Awaitable[HttpResponseBase]":
        if self._is_async:
            return self._answer_async(request)
        app = _pick_app(request)
        if app is None:
            return cast("HttpResponseBase", self._get_response(request))
        with current.use(app):
            return _keep_app_for_body(self._get_response(request))

    async def _answer_async(self, request: "HttpRequest") -> "HttpResponseBase":
        app = _pick_app(request)
        if app is None:
            return cast("HttpResponseBase", await self._get_response(request))
        with current.use(app):
            return _keep_app_for_body(await self._get_response(request))


def _pick_app(request: "HttpRequest") -> "App | None":
    if request.path in WITHOUT_APP:
        return None
    named = find_app_by_host(request.get_host())
    pinned = current.pinned()
    if pinned is not None:
        if named is not None and named.name != pinned.name:
            raise Http404("this host belongs to another app")
        return pinned
    if named is None:
        raise Http404("no app is served at this host")
    return named


def _keep_app_for_body(response: Any) -> "HttpResponseBase":  # noqa: ANN401 - Django's stubs hide how a body is kept
    """Make a streamed body in the app, and close it there; an open file the server sends by itself."""
    if response.streaming and getattr(response, "file_to_stream", None) is None:
        apps = BodysApps()
        # The server closes the response, and the view's generator with it, outside any app.
        response._resource_closers = [apps(close) for close in response._resource_closers]  # noqa: SLF001
        # Not `streaming_content`: Django puts an iterator around what it returns there, and that one closes nothing.
        steps = response._iterator  # noqa: SLF001
        response.streaming_content = _stream_async(apps, steps) if response.is_async else _stream(apps, steps)
    return cast("HttpResponseBase", response)


class BodysApps(ContextDecorator):
    """The apps that a body has entered, in place while it makes a step and put away while it waits.

    It lends no app to whoever reads it, and takes none: what it has entered itself, and not yet left, is its own too.
    """

    def __init__(self) -> None:
        self._own = entered_apps.get()
        self._readers: list[tuple[App, ...]] = []

    def __enter__(self) -> None:
        self._readers.append(entered_apps.get())
        entered_apps.set(self._own)

    def __exit__(self, *_: object) -> None:
        self._own = entered_apps.get()
        entered_apps.set(self._readers.pop())


def _stream(apps: BodysApps, steps: "Iterator[Any]") -> "Iterator[Any]":
    try:
        while True:
            with apps:
                step = next(steps, END)
            if step is END:
                return
            yield step
    finally:
        if hasattr(steps, "close"):
            with apps:
                steps.close()


async def _stream_async(apps: BodysApps, steps: "AsyncIterator[Any]") -> "AsyncIterator[Any]":
    try:
        while True:
            with apps:
                step = await anext(steps, END)
            if step is END:
                return
            yield step
    finally:
        if hasattr(steps, "aclose"):
            with apps:
                await steps.aclose()
