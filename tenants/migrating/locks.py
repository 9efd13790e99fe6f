"""One at a time: whoever changes an app's tables keeps everybody else from it, on this machine and on others."""

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path

from django.db import connection

from tenants import current

PATIENCE_S = 10

#: Name of the app whose lock is held here.
_held: ContextVar[str] = ContextVar("held_app", default="")


class Busy(RuntimeError):
    """Somebody else is changing this app's tables."""

    def __init__(self) -> None:
        super().__init__(f"another process is changing the tables of {current.get().name}; wait for it, then run again")


@contextmanager
def hold() -> Iterator[None]:
    """Keep other processes from changing the current app's tables; raise `Busy` when one is at it for long.

    The lock ends with the connection (MySQL) or the process (SQLite), so a killed holder leaves none behind. Who holds
    it may ask for it again.
    """
    name = current.get().name
    if _held.get() == name:
        yield
        return
    with _named_lock() if connection.vendor == "mysql" else _file_lock():
        entered = _held.set(name)
        try:
            yield
        finally:
            _held.reset(entered)


@contextmanager
def _named_lock() -> Iterator[None]:
    # Locks are global to a server, which may hold several databases. Names are cut off at 64 characters.
    name = "tables " + sha256(f"{connection.settings_dict['NAME']}/{current.get().name}".encode()).hexdigest()[:40]
    with connection.cursor() as cursor:
        cursor.execute("SELECT GET_LOCK(%s, %s)", (name, PATIENCE_S))
        if cursor.fetchone() != (1,):
            raise Busy
    try:
        yield
    finally:
        # Nothing to release where the connection was lost: the lock went with it.
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT RELEASE_LOCK(%s)", (name,))


@contextmanager
def _file_lock() -> Iterator[None]:
    # For all apps at once: the file has one writer at a time anyway.
    path = Path(str(connection.settings_dict["NAME"]) + ".lock")
    deadline = time.monotonic() + PATIENCE_S
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Busy from None
                time.sleep(0.1)
        yield
