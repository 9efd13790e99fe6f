"""What differs between the databases when all rows of an app are read, put back, and kept from everybody else."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Any, NamedTuple

from django.db import connection, transaction

from tenants.backends.names import to_physical

#: Rows in memory at a time.
BATCH = 500
#: Seconds to wait until nobody reads or writes the app any more.
PATIENCE_S = 10


class Table(NamedTuple):
    name: str  # logical
    columns: tuple[str, ...]
    key: tuple[str, ...]  # primary key: rows are read in its order

    @property
    def quoted(self) -> str:
        return quote(to_physical(self.name))


class Sqlite:
    """Values as they are stored: the driver's conversions are kept away."""

    begin_snapshot: Sequence[str] = ("BEGIN",)  # deferred: nobody waits for it

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep everybody else from writing; what fails inside is undone."""
        with transaction.atomic():  # begins as IMMEDIATE
            yield

    def read_rows(self, table: Table) -> Iterator[tuple[Any, ...]]:
        # An expression has no declared type, by which the driver would make dates and booleans of what is stored.
        columns = ", ".join(f"+{quote(column)}" for column in table.columns)
        with connection.cursor() as cursor:
            cursor.execute(_select(table, columns))
            while rows := cursor.fetchmany(BATCH):
                yield from rows

    def read_counter(self, table: Table) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [to_physical(table.name)])
            row = cursor.fetchone()
        return row and int(row[0])

    def set_counter(self, table: Table, counter: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [to_physical(table.name)])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [to_physical(table.name), counter]
            )


class Mysql:
    begin_snapshot: Sequence[str] = (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",  # of the next transaction only
        "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
    )

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep everybody else from the current app's tables; a process that is killed holds no lock."""
        tables = connection.introspection.table_names()
        locked = ", ".join(f"{quote(to_physical(table))} WRITE" for table in tables)
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION lock_wait_timeout = %s", [PATIENCE_S])
            cursor.execute(f"LOCK TABLES {locked}")
            try:
                yield
            finally:
                cursor.execute("UNLOCK TABLES")

    def read_rows(self, table: Table) -> Iterator[tuple[Any, ...]]:
        # Only where MySQL is used is its client installed.
        from MySQLdb.cursors import SSCursor  # noqa: PLC0415

        columns = ", ".join(map(quote, table.columns))
        connection.ensure_connection()
        # Django's own cursor would hold the whole table in memory.
        with closing(connection.connection.cursor(SSCursor)) as cursor:
            cursor.execute(_select(table, columns))
            while rows := cursor.fetchmany(BATCH):
                yield from rows

    def read_counter(self, table: Table) -> int | None:
        with connection.cursor() as cursor:
            # information_schema would answer from a cache of a day's age.
            cursor.execute(f"SHOW CREATE TABLE {table.quoted}")
            found = re.search(r"\bAUTO_INCREMENT=(\d+)", cursor.fetchone()[1])
        return int(found[1]) if found else None

    def set_counter(self, table: Table, counter: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table.quoted} AUTO_INCREMENT = {int(counter)}")


def database() -> Sqlite | Mysql:
    """Return what is right for the connection."""
    return Mysql() if connection.vendor == "mysql" else Sqlite()


def quote(name: str) -> str:
    return connection.ops.quote_name(name)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read all rows as they are at one moment, while the app goes on being served."""
    with connection.cursor() as cursor:
        for statement in database().begin_snapshot:
            cursor.execute(statement)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _select(table: Table, columns: str) -> str:
    order = ", ".join(map(quote, table.key or table.columns))
    return f"SELECT {columns} FROM {table.quoted} ORDER BY {order}"  # noqa: S608 - names, quoted
