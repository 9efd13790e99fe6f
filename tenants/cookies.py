"""Cookies carry the app's name on the wire, and no code inside a request knows it."""

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, override

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.contrib.messages.middleware import MessageMiddleware

from tenants import current

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from django.http import HttpRequest, HttpResponseBase


class AppCookiesMiddleware:
    """Rename cookies between wire and view: `amal_session` outside is `session` inside.

    Several apps may stand behind one host name, and a browser sends all cookies of a host to each of them. Views see
    the current app's only, by whichever road they look. Outside an app none is read and none is set.
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
        _keep_own(request)
        return _put_prefix(self._get_response(request))

    async def _answer_async(self, request: "HttpRequest") -> "HttpResponseBase":
        _keep_own(request)
        return _put_prefix(await self._get_response(request))


class AppMessageMiddleware(MessageMiddleware):
    """Keep messages for the next page, where there is an app.

    Django's own makes its signing key before anybody has a message, and so would refuse the health check.
    """

    @override
    def process_request(self, request: "HttpRequest") -> None:
        if current.find():
            super().process_request(request)


def rename(cookies: SimpleCookie, prefix: str) -> SimpleCookie:
    """Put a prefix before the name of each cookie; its value and attributes stay, a deletion's too."""
    renamed = SimpleCookie()
    for name, cookie in cookies.items():
        cookie.set(prefix + name, cookie.value, cookie.coded_value)
        renamed[prefix + name] = cookie
    return renamed


def _keep_own(request: "HttpRequest") -> None:
    # The header itself, by which `Vary: Cookie` caches; the other two are made from it when they are next asked for.
    for made_from_it in ("COOKIES", "headers"):
        request.__dict__.pop(made_from_it, None)
    cookies = [cookie.strip() for cookie in request.META.pop("HTTP_COOKIE", "").split(";")]
    if app := current.find():
        own = [cookie.removeprefix(app.prefix) for cookie in cookies if cookie.startswith(app.prefix)]
        request.META["HTTP_COOKIE"] = "; ".join(own)


def _put_prefix(response: "HttpResponseBase") -> "HttpResponseBase":
    app = current.find()
    response.cookies = rename(response.cookies, app.prefix) if app else SimpleCookie()
    return response
