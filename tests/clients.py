"""Browsers at one app's host."""

from importlib import import_module
from typing import Any, override

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.test import AsyncClient, Client

from tenants import current
from tenants.registry.app import App


class AppClient(Client):
    """Keep cookies under their names on the wire, as Django's own client does but for those it sets itself."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(headers={"host": app.hosts[0]}, **options)
        self.app = app
        self.session_cookie = app.prefix + settings.SESSION_COOKIE_NAME

    @override
    def force_login(self, user: Any, backend: str | None = None) -> None:
        with current.use(self.app):
            super().force_login(user, backend)

    @property
    @override
    def session(self) -> SessionBase:
        """Return the session as the server keeps it; enter the app to look into it."""
        cookie = self.cookies.get(self.session_cookie)
        store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(cookie and cookie.value)
        return store

    # Django's hook, which its type stubs do not have.
    def _set_login_cookies(self, request: HttpRequest) -> None:
        self.cookies[self.session_cookie] = request.session.session_key or ""


class AsyncAppClient(AsyncClient):
    """Ask the project as an ASGI server does."""

    def __init__(self, app: App, **options: Any) -> None:
        super().__init__(**options)
        self.app = app

    # Django's hook, which its type stubs do not have. Its own host would stand beside ours.
    def _base_scope(self, **request: Any) -> dict[str, Any]:
        scope: dict[str, Any] = super()._base_scope(**request)  # type: ignore[misc]
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        return scope | {"headers": [*headers, (b"host", self.app.hosts[0].encode())]}
