"""The database as hot endpoints see it: rows in, rows out, one transaction.

SQL is written once for MySQL and SQLite, with `%s` for parameters and `{app}` before each table. Autocommit, READ
COMMITTED, utf8mb4 and UTC on every connection. Row counts mean rows *found* (Django's connections set FOUND_ROWS), so
never tell a duplicate from a count.
"""

import sqlite3
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

type Row = tuple[Any, ...]
type Parameters = "Sequence[str | int | float | None]"

SQLITE_TIMEOUT_S = 20


class Database(Protocol):
    """What an endpoint may do; raises the driver's own errors."""

    @property
    def for_update(self) -> str:
        """Ends a SELECT whose rows must not change until the transaction ends.

        Empty on SQLite, whose transactions lock the whole file from their first statement.
        """
        ...

    def select(self, sql: str, parameters: Parameters = ()) -> list[Row]: ...

    def execute(self, sql: str, parameters: Parameters = ()) -> None: ...

    def execute_many(self, sql: str, rows: "Sequence[Parameters]") -> None: ...

    def transaction(self) -> AbstractContextManager[None]:
        """Commit on leaving, roll back when an exception leaves."""
        ...


class DirectDatabase:
    """A connection of the kit's own, kept across calls."""

    @property
    def for_update(self) -> str:
        return ""

    def __init__(self, connection: Any, prefix: str) -> None:  # noqa: ANN401 - either driver's
        self._connection = connection
        self._prefix = prefix

    def select(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        cursor = self._connection.cursor()
        cursor.execute(self._translate(sql), tuple(parameters))
        return list(cursor.fetchall())

    def execute(self, sql: str, parameters: Parameters = ()) -> None:
        self._connection.cursor().execute(self._translate(sql), tuple(parameters))

    def execute_many(self, sql: str, rows: "Sequence[Parameters]") -> None:
        if rows:
            self._connection.cursor().executemany(self._translate(sql), rows)

    @contextmanager
    def transaction(self) -> "Iterator[None]":
        self._begin()
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()

    def _begin(self) -> None:
        raise NotImplementedError

    def _translate(self, sql: str) -> str:
        return sql.replace("{app}", self._prefix)


class SqliteDatabase(DirectDatabase):
    def _begin(self) -> None:
        # Immediate: a deferred transaction that turns from reading to writing fails under a second writer.
        self._connection.execute("BEGIN IMMEDIATE")

    def _translate(self, sql: str) -> str:
        return super()._translate(sql).replace("%s", "?")


class MysqlDatabase(DirectDatabase):
    @property
    def for_update(self) -> str:
        return " FOR UPDATE"

    def _begin(self) -> None:
        self._connection.cursor().execute("START TRANSACTION")


def connect(url: str, prefix: str) -> DirectDatabase:
    """Open the database of a DATABASE_URL (`sqlite:///path` or `mysql://user:password@host:port/name`)."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = unquote(parts.path)[1:]
        return SqliteDatabase(sqlite3.connect(path, timeout=SQLITE_TIMEOUT_S, isolation_level=None), prefix)
    import MySQLdb  # noqa: PLC0415 - only where MySQL is used
    from MySQLdb.constants import CLIENT  # noqa: PLC0415

    connection = MySQLdb.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        database=unquote(parts.path[1:]),
        charset="utf8mb4",
        connect_timeout=2,
        read_timeout=5,
        client_flag=CLIENT.FOUND_ROWS,
        autocommit=True,
        init_command="SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    )
    connection.query("SET SESSION time_zone = '+00:00'")
    return MysqlDatabase(connection, prefix)
