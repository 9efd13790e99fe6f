"""Which app is being served, here and now.

A context variable, so that threads, tasks and coroutines each have their own; a pinned process (one Lambda stage, one
worker) has the same app everywhere. Nothing falls back to some default app: where no app is current, `get` raises.
"""

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from tenants.registry.app import App

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

#: The apps entered and not yet left, the current one last. A stack in the context, not in `use`: one `use` may be
#: entered by two tasks at once.
entered_apps: ContextVar[tuple[App, ...]] = ContextVar("entered_apps", default=())
_pinned: App | None = None


class NoTenant(RuntimeError):
    """Something asked for an app's data where no app is being served."""

    def __init__(self) -> None:
        super().__init__(
            "no app is current: set APP_NAME, send an app's Host header, or enter tenants.current.use(app)"
        )


def get() -> App:
    """Return the app being served; raise `NoTenant` rather than guess."""
    app = find()
    if app is None:
        raise NoTenant
    return app


def find() -> App | None:
    """Return the app being served, or None where none is."""
    entered = entered_apps.get()
    return entered[-1] if entered else _pinned


def pin(app: App | None) -> None:
    """Serve this one app in the whole process. Called once, while settings load."""
    global _pinned  # noqa: PLW0603 - a process has one pin
    _pinned = app


def pinned() -> App | None:
    """Return the app this process is pinned to, or None in a shared process."""
    return _pinned


class use:  # noqa: N801 - reads as a verb: `with use("amal"):`
    """Serve an app within a `with` block or a decorated function (plain or async).

    Takes an `App` or the name of one. May be nested and re-entered; leaving restores what was current before.
    """

    def __init__(self, app: App | str) -> None:
        self._app = app if isinstance(app, App) else _by_name(app)

    def __enter__(self) -> App:
        entered_apps.set((*entered_apps.get(), self._app))
        return self._app

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: "TracebackType | None"
    ) -> None:
        entered_apps.set(entered_apps.get()[:-1])

    def __call__[**P, R](self, function: "Callable[P, R]") -> "Callable[P, R]":
        # Imported here: the Lambda handler loads this module before its first answer and decorates nothing.
        from functools import wraps  # noqa: PLC0415
        from inspect import iscoroutinefunction  # noqa: PLC0415

        app = self._app
        if iscoroutinefunction(function):

            @wraps(function)
            async def serve_async(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - the function's own
                with use(app):
                    return await function(*args, **kwargs)

            return serve_async  # type: ignore[return-value]

        @wraps(function)
        def serve(*args: P.args, **kwargs: P.kwargs) -> R:
            with use(app):
                return function(*args, **kwargs)

        return serve


def _by_name(name: str) -> App:
    # A process pinned by a literal module never reads TOML, so the catalogue is imported only when a name is looked up.
    from tenants.registry.catalogue import get_app  # noqa: PLC0415

    return get_app(name)
