"""Whether the database is set up as the code relies on."""

import time
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db import connection

from tenants.diagnosis.findings import Finding
from tenants.registry.catalogue import list_apps

#: Seconds that two clocks may differ: tokens and leases are compared across machines.
TOLERANCE_S = 2

SESSION = "sessions are set up by the engine: look for something that changes them, such as a proxy or an init_connect"
#: What each connection must have, by the way to ask for it.
MYSQL_SESSION = {
    "@@character_set_connection": "utf8mb4",
    "@@transaction_isolation": "READ-COMMITTED",
    "@@time_zone": "+00:00",
}
SQLITE_SESSION = {
    "PRAGMA journal_mode": "wal",
    "PRAGMA foreign_keys": 1,
    "PRAGMA busy_timeout": 20_000,
}


def check_connection() -> Iterator[Finding]:
    """Look at the server and at what it promises to each connection."""
    version = ".".join(map(str, connection.get_database_version()))
    yield Finding("database", f"{connection.display_name} {version} answers")
    is_mysql = connection.vendor == "mysql"
    wanted: dict[str, Any] = MYSQL_SESSION if is_mysql else SQLITE_SESSION
    found = {name: _ask(f"SELECT {name}" if is_mysql else name) for name in wanted}
    said = ", ".join(f"{name.split()[-1].removeprefix('@@')} {value}" for name, value in found.items())
    yield Finding("database: session", said, "" if found == wanted else SESSION)
    if is_mysql:
        yield from _check_strictness()


def _check_strictness() -> Iterator[Finding]:
    mode = str(_ask("SELECT @@sql_mode"))
    is_strict = "STRICT_TRANS_TABLES" in mode or "STRICT_ALL_TABLES" in mode
    step = "" if is_strict else "set sql_mode to STRICT_TRANS_TABLES: without it texts too long are cut silently"
    yield Finding("database: strictness", "strict" if is_strict else f"sql_mode is {mode!r}", step)
    default = _ask("SELECT @@default_storage_engine")
    yield Finding(
        "database: engine", str(default), "" if default == "InnoDB" else "set default_storage_engine to InnoDB"
    )


def check_clocks() -> Iterator[Finding]:
    """Compare this machine's clock with the server's."""
    if connection.vendor != "mysql":
        return  # one machine, one clock
    before = time.time()
    theirs = float(_ask("SELECT UNIX_TIMESTAMP(NOW(6))"))
    after = time.time()
    difference = max(before - theirs, theirs - after, 0.0)
    step = "" if difference <= TOLERANCE_S else "let both machines keep time by NTP: tokens and leases depend on it"
    yield Finding("clocks", f"the database's differs by {difference:.1f} s", step)


def check_strangers() -> Iterator[Finding]:
    """Look for tables of apps that the registry does not know."""
    known = set(list_apps())
    with connection.cursor() as cursor:
        # Past the introspection of the engine, which sees one app's tables only.
        tables = sorted(_list_all_tables(cursor))
    strangers = [
        (prefix, len(list(group)))
        for prefix, group in groupby(tables, key=lambda table: table.partition("_")[0])
        if prefix not in known and f"{prefix}_django_migrations" in tables
    ]
    for name, number in strangers:
        step = f"finish `launch_app {name}` or `retire_app {name}`, or add tenants/registry/{name}.toml"
        yield Finding(f"{name}: registry", f"{number} tables of an app that the registry does not know", step)


def _list_all_tables(cursor: Any) -> list[str]:  # noqa: ANN401 - either driver's
    if connection.vendor == "mysql":
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")
    else:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [str(name) for (name,) in cursor.fetchall()]


def _ask(sql: str) -> Any:  # noqa: ANN401 - any value
    with connection.cursor() as cursor:
        cursor.execute(sql)
        [[value]] = cursor.fetchall()
    return value
