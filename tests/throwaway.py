"""Databases for processes that a test starts, looked into with a plain driver."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

#: Seconds to wait for another process that writes.
TIMEOUT_S = 20

type Rows = list[tuple[Any, ...]]


class Sqlite:
    """A file."""

    def __init__(self, path: Path) -> None:
        self._path, self.url = path, f"sqlite:///{path}"

    def describe(self, prefix: str) -> dict[str, tuple[str, int]]:
        """Return each table's definition, its indexes' too, and number of rows."""
        definitions: dict[str, str] = {}
        with self._connect() as connection:
            for table, sql in connection.execute(
                "SELECT tbl_name, sql FROM sqlite_master WHERE sql <> '' ORDER BY name"
            ).fetchall():
                if table.startswith(prefix):
                    definitions[table] = definitions.get(table, "") + sql
            return {
                table: (sql, connection.execute(f'SELECT COUNT(*) FROM "{table}"').fetchone()[0])  # noqa: S608 - a name from the database
                for table, sql in definitions.items()
            }

    def drop(self, prefix: str) -> None:
        self.run(*(f'DROP TABLE "{table}"' for table in self.describe(prefix)))

    def remove(self) -> None:
        for path in self._path.parent.glob(f"{self._path.name}*"):
            path.unlink()

    def run(self, *statements: str) -> Rows:
        """Run statements on one connection; return the rows of the last."""
        rows: Rows = []
        with self._connect() as connection:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
        return rows

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self._path, timeout=TIMEOUT_S, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()


class Mysql:
    """A database on the server that the tests use."""

    def __init__(self, settings: Mapping[str, Any], name: str) -> None:
        host, port, user, password = (settings[key] for key in ("HOST", "PORT", "USER", "PASSWORD"))
        self._server = {"host": host, "port": int(port), "user": user, "password": password}
        self._name = ""
        self.run(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        self._name = name
        account = quote(user) + (f":{quote(password)}" if password else "")
        self.url = f"mysql://{account}@{host}:{port}/{name}"

    def describe(self, prefix: str) -> dict[str, tuple[str, int]]:
        """Return each table's definition and number of rows."""
        with self._connect() as cursor:
            cursor.execute("SHOW TABLES")
            tables = [table for (table,) in cursor.fetchall() if table.startswith(prefix)]
            return {table: (_define(cursor, table), _count(cursor, table)) for table in tables}

    def drop(self, prefix: str) -> None:
        if tables := self.describe(prefix):
            self.run("SET foreign_key_checks = 0", f"DROP TABLE {', '.join(f'`{table}`' for table in tables)}")

    def remove(self) -> None:
        self.run(f"DROP DATABASE {self._name}")

    def run(self, *statements: str) -> Rows:
        """Run statements on one connection; return the rows of the last."""
        with self._connect() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall())

    @contextmanager
    def _connect(self) -> Iterator[Any]:
        import MySQLdb  # noqa: PLC0415 - installed where MySQL is used

        with closing(
            MySQLdb.connect(**self._server, database=self._name, autocommit=True, charset="utf8mb4")
        ) as connection:
            yield connection.cursor()


def _define(cursor: Any, table: str) -> str:
    cursor.execute(f"SHOW CREATE TABLE `{table}`")
    return re.sub(r" AUTO_INCREMENT=\d+", "", cursor.fetchone()[1])


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT COUNT(*) FROM `{table}`")  # noqa: S608 - a name from the database
    return int(cursor.fetchone()[0])
