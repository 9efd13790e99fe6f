"""The databases on which Django's tests run: ours under an app's prefix, and the stock ones."""

import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from tests.django_suite.source import SuiteError

ROOT = Path(__file__).resolve().parents[2]
APP = "amal"
# What is lost when the machine fails is of no worth here, so nothing waits for the disk.
HASTY = [
    "--innodb-flush-log-at-trx-commit=0",
    "--sync-binlog=0",
    "--skip-log-bin",
    "--innodb-doublewrite=0",
    "--innodb-fast-shutdown=2",
    "--innodb-buffer-pool-size=256M",
]


class Side(NamedTuple):
    """One of the two that are compared: an engine, and the app whose prefix it works under."""

    name: str
    engine: str
    app: str | None


class Database(NamedTuple):
    name: str
    version: str
    ours: Side
    stock: Side
    connection: dict[str, Any]  # what DATABASES says beside the engine

    def configure(self, side: Side, label: str) -> dict[str, dict[str, Any]]:
        """Return DATABASES, with names that no other run has: many use one server at a time."""
        return {
            alias: {"ENGINE": side.engine, "NAME": f"{side.name}_{label}_{alias}", **self.connection}
            for alias in ("default", "other")
        }


@contextmanager
def sqlite() -> Iterator[Database]:
    """Serve databases in memory, which is where Django keeps SQLite's test databases."""
    ours = Side("ours", "tenants.backends.sqlite3", APP)
    stock = Side("stock", "django.db.backends.sqlite3", None)
    yield Database("sqlite", f"SQLite {sqlite3.sqlite_version}", ours, stock, {})


@contextmanager
def mysql() -> Iterator[Database]:
    """Serve a server of this run's own, which is gone again afterwards."""
    ours = Side("ours", "tenants.backends.mysql", APP)
    stock = Side("stock", "django.db.backends.mysql", None)
    version = _server("version")
    with TemporaryDirectory(prefix="django-suite-") as data:
        port = _free_port()
        flags = [*HASTY, *(["--innodb-flush-method=nosync"] if version.startswith("MySQL") else [])]
        try:
            _server("start", data, str(port), *flags)
            # The stock engine's tables compare as ours do, so that collation makes no difference.
            collation = {"CHARSET": "utf8mb4", "COLLATION": "utf8mb4_bin"}
            address = {"HOST": "127.0.0.1", "PORT": port, "USER": "root", "TEST": collation}
            yield Database("mysql", version, ours, stock, address)
        finally:
            _server("stop", data)


DATABASES = {"sqlite": sqlite, "mysql": mysql}


def _server(*arguments: str) -> str:
    done = subprocess.run([ROOT / "scripts/mysql-server", *arguments], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SuiteError(f"scripts/mysql-server {arguments[0]} failed, see above")
    return done.stdout.strip()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
