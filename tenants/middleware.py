"""Pick the app that a request is for, and let go of it afterwards."""

from typing import TYPE_CHECKING, Any, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import Http404

from tenants import current
from tenants.registry.catalogue import find_app_by_host

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from django.http import HttpRequest, HttpResponseBase

    from tenants.registry.app import App

#: Answered without an app: a load balancer asks by address.
WITHOUT_APP = frozenset({"/app/health"})


class TenantMiddleware:
    """Serve the request in the app that its Host names, or in the one the process is pinned to.

    A pinned process ignores the Host, except that one of another app is a 404: such a request was routed wrongly, and
    answering it would show one app's data under another's name. No X-header, query or body can pick an app.
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
            return cast("HttpResponseBase", self._get_response(request))

    async def _answer_async(self, request: "HttpRequest") -> "HttpResponseBase":
        app = _pick_app(request)
        if app is None:
            return cast("HttpResponseBase", await self._get_response(request))
        with current.use(app):
            return cast("HttpResponseBase", await self._get_response(request))


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
