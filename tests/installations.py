"""An installation of its own: an app's tables in a database that nothing else uses, for processes that are killed."""

import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.db import connection

from alphazed.settings.env import ROOT

APP = "qais"
TABLES = (
    "content_byte_assets",
    "content_bytes",
    "prerequisites",
    "concepts",
    "units",
    "assets",
    "licences",
    "jobs",
)


class Installation(ABC):
    """A folder, a database, and commands that run in processes of their own."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.variables = {
            "PATH": "/usr/bin:/bin",
            "DATA_DIR": str(folder),
            "SECRET_KEY": "of this installation",
            "BUNDLE_KEY": settings.BUNDLE_KEY,
            **variables,
        }

    def start(self, *arguments: object, **variables: str) -> "subprocess.Popen[str]":
        """Start a command and return while it runs."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=self.variables | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: object, **variables: str) -> str:
        """Run a command to its end, which must be a good one, and return what it says."""
        with self.start(*arguments, **variables) as process:
            out, err = process.communicate()
        assert process.returncode == 0, err
        return out

    def count(self) -> dict[str, int]:
        """Return how many rows each table holds, as whoever comes next sees them."""
        return {table: self.ask(f"SELECT COUNT(*) FROM {APP}_{table}")[0][0] for table in TABLES}  # noqa: S608 - ours

    @abstractmethod
    def ask(self, sql: str) -> Any: ...

    @abstractmethod
    def is_written(self) -> bool:
        """Tell whether a process is in the middle of a transaction that writes."""

    def empty(self) -> None:
        """Take all content out again, files too."""
        for table in TABLES:
            self.ask(f"DELETE FROM {APP}_{table}")  # noqa: S608 - ours
        shutil.rmtree(self.folder / "media", ignore_errors=True)


class OnSQLite(Installation):
    @property
    def path(self) -> Path:
        return self.folder / "alphazed.sqlite3"

    @override
    def ask(self, sql: str) -> Any:
        with closing(sqlite3.connect(self.path, autocommit=True)) as database:
            return database.execute(sql).fetchall()

    @override
    def is_written(self) -> bool:
        with closing(sqlite3.connect(self.path, timeout=0, autocommit=True)) as database:
            try:
                database.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            database.execute("ROLLBACK")
            return False


class OnMySQL(Installation):
    def __init__(self, folder: Path, server: Any, name: str) -> None:
        facts = connection.settings_dict
        address = f"{facts['HOST']}:{facts['PORT'] or 3306}"
        self.server, self.name = server, name
        super().__init__(folder, DATABASE_URL=f"mysql://{facts['USER']}:{facts['PASSWORD']}@{address}/{name}")

    @override
    def ask(self, sql: str) -> Any:
        with closing(self.server.cursor()) as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    @override
    def is_written(self) -> bool:
        self.ask("SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED")
        uncommitted = self.count()
        self.ask("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
        return uncommitted != self.count()


@contextmanager
def installing(folder: Path) -> Iterator[Installation]:
    """Give an installation with the app's tables, on the database that these tests run on."""
    if connection.vendor == "sqlite":
        installation: Installation = OnSQLite(folder)
        installation.run("migrate", "--verbosity=0", APP_NAME=APP)
        yield installation
        return
    import MySQLdb  # noqa: PLC0415 - its client library is there where MySQL is

    facts, name = connection.settings_dict, f"killed_{secrets.token_hex(4)}"
    login = {
        "host": facts["HOST"],
        "port": int(facts["PORT"] or 3306),
        "user": facts["USER"],
        "passwd": facts["PASSWORD"],
    }
    with closing(MySQLdb.connect(**login, autocommit=True)) as server:
        server.query(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
        try:
            server.select_db(name)
            installation = OnMySQL(folder, server, name)
            installation.run("migrate", "--verbosity=0", APP_NAME=APP)
            yield installation
        finally:
            server.query(f"DROP DATABASE {name}")


def stop_when(process: "subprocess.Popen[str]", is_so: Callable[[], bool]) -> None:
    """Freeze a process at a moment when something is so, and still is while it stands."""
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if not is_so():
            time.sleep(0.0005)
            continue
        process.send_signal(signal.SIGSTOP)
        if is_so():
            return
        process.send_signal(signal.SIGCONT)
    raise AssertionError(f"it was never so; the process ended with {process.poll()}: {process.communicate(timeout=5)}")


def kill(process: "subprocess.Popen[str]") -> int:
    """End a process as a failing machine does; return what it ended with: -9, if it had not ended before."""
    process.kill()
    with process:
        return process.wait()
