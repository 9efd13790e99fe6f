"""Where a piece of work comes from: the app it belongs to and the request that caused it.

Work that leaves the request (a job, a message to a Celery worker) takes this along as headers and is resumed from
them.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from tenants import current

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tenants.registry.app import App

#: Of the request being answered, or of the one that caused the job at hand; empty in commands.
request_id: ContextVar[str] = ContextVar("request_id", default="")


class Misdirected(RuntimeError):
    """Work has come to where it must not be done: it names another app, or none."""


def make_headers() -> dict[str, str]:
    """Return what work takes along from here; raise `NoTenant` outside an app."""
    return {"app": current.get().name, "request_id": request_id.get()}


@contextmanager
def named(request: str) -> "Iterator[None]":
    """Work in the name of a request."""
    token = request_id.set(request)
    try:
        yield
    finally:
        request_id.reset(token)


@contextmanager
def resumed(headers: "Mapping[str, Any]") -> "Iterator[None]":
    """Work in the app and in the name of the request that the headers tell; raise `Misdirected` rather than guess."""
    with current.use(_read_app(headers)), named(str(headers.get("request_id") or "")):
        yield


def _read_app(headers: "Mapping[str, Any]") -> "App":
    # Imported here: the thin path reads `request_id` at every answer and no TOML.
    from tenants.registry.catalogue import UnknownApp, get_app  # noqa: PLC0415

    name, pinned = headers.get("app"), current.pinned()
    if not name:
        raise Misdirected("it names no app, so it was not sent by this project")
    try:
        app = get_app(name)
    except (UnknownApp, TypeError) as error:
        raise Misdirected(str(error)) from None
    if pinned is not None and app.name != pinned.name:
        raise Misdirected(f"it belongs to {app.name!r}, and this process serves {pinned.name!r} alone")
    return app
