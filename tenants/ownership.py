"""Connecting as the user who may change tables.

`DATABASE_URL` belongs to a user who may only read and write rows; what changes tables asks for more, and only then.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.utils import ConnectionHandler

_is_owner = ContextVar("is_owner", default=False)


@contextmanager
def as_owner() -> Iterator[None]:
    """Let everything in the block go through `MIGRATIONS_DATABASE_URL`, in this thread.

    The connection takes the place of the default one, so that what runs inside, Django's own commands and signal
    receivers among it, needs to know nothing of a second database. Where the variable is not set, or the block is
    inside another such block, nothing changes.
    """
    if settings.MIGRATIONS_DATABASE is None or _is_owner.get():
        yield
        return
    serving = connections[DEFAULT_DB_ALIAS]
    owner = ConnectionHandler({DEFAULT_DB_ALIAS: settings.MIGRATIONS_DATABASE}).create_connection(DEFAULT_DB_ALIAS)
    connections[DEFAULT_DB_ALIAS] = owner
    entered = _is_owner.set(True)
    try:
        yield
    finally:
        _is_owner.reset(entered)
        owner.close()
        connections[DEFAULT_DB_ALIAS] = serving
