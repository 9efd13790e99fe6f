"""Names of tables, indexes and constraints that belong to the app being served.

A logical name (`users`) is what models, migrations and querysets hold; the physical one (`amal_users`) exists only
while SQL is compiled or executed. The *type* of a name says which it is, so nothing cached or pickled carries an app.
"""

from typing import override

from tenants import current

#: Stands for the app's prefix inside hand-written SQL: `SELECT id FROM {app}users`.
TOKEN = "{app}"  # noqa: S105 - not a secret
#: MySQL's limit on every identifier; the other backends allow more, but one schema serves all.
LONGEST_NAME = 64


class Logical(str):
    """A name that belongs to the current app.

    Its value is the plain logical name, so ==, hash, repr and pickles are those of the plain string; `quote_name`
    knows the type and adds the prefix. Formatting it gives `{app}users`, which the cursor resolves, so that SQL put
    together by hand from `Model._meta.db_table` works as well. Concatenating (`+`) loses the type, and such SQL
    fails on an unknown table instead of reading another app's.
    """

    __slots__ = ()

    @override
    def __str__(self) -> str:
        return TOKEN + self


class Introspected(str):
    """A constraint's or index's logical name as read from the database, beside the name it has there."""

    __slots__ = ("physical",)
    physical: str

    @classmethod
    def of(cls, physical: str) -> "Introspected":
        name = cls(without_prefix(physical))
        name.physical = physical
        return name


def resolve(sql: str) -> str:
    """Replace the token in SQL text, or return a logical name's physical one."""
    if type(sql) is Logical:
        return current.get().prefix + sql
    return sql.replace(TOKEN, current.get().prefix) if TOKEN in sql else sql


def to_physical(name: str) -> str:
    """Return the name a table has in the database."""
    return resolve(name) if TOKEN in name else current.get().prefix + name


def to_logical(physical: str) -> str:
    """Return the logical name behind a table of the current app; another's comes back as it is."""
    prefix = current.get().prefix
    return Logical(physical.removeprefix(prefix)) if physical.startswith(prefix) else physical


def without_prefix(physical: str) -> str:
    """Return a name of the database as plain text without the current app's prefix."""
    return physical.removeprefix(current.get().prefix)


def plain(name: str) -> str:
    """Return a name as plain text: no type, no token."""
    return f"{name}".replace(TOKEN, "")
