"""One MySQL account per app, which sees that app's tables and no other's.

A stage that runs under its own account cannot read another app's children, whatever its code does. MySQL grants by
database or by table and knows no pattern of table names, so each new table has to be granted by itself: migrations do.
"""

import secrets
from hashlib import sha256
from typing import NamedTuple

from django.db import connection

from tenants import current
from tenants.backends.names import to_physical
from tenants.journal import TABLE as JOURNAL

ROWS = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})
#: What only migrations write.
READ_ONLY = frozenset({"django_migrations", JOURNAL})
#: MySQL's limit on an account's name.
LONGEST_ACCOUNT = 32


class Account(NamedTuple):
    """Who connects for an app: a MySQL user of any host."""

    name: str

    def __str__(self) -> str:
        return f"'{self.name}'@'%'"


def account() -> Account:
    """Return the current app's account. It carries the database's name: a server may hold several of our databases."""
    database = str(connection.settings_dict["NAME"])
    name = f"{database}_{current.get().name}"
    if len(name) > LONGEST_ACCOUNT:
        name = f"{sha256(database.encode()).hexdigest()[:8]}_{current.get().name}"
    return Account(name)


def are_used() -> bool:
    """Tell whether the current app has an account of its own."""
    return connection.vendor == "mysql" and bool(
        _select("SELECT 1 FROM information_schema.user_privileges WHERE grantee = %s LIMIT 1", str(account()))
    )


def create_account() -> str:
    """Create the current app's account, or give it a new password; return the password, kept nowhere else."""
    password = secrets.token_urlsafe(24)
    name = account().name
    _run("CREATE USER IF NOT EXISTS %s@'%%' IDENTIFIED BY %s", name, password)
    _run("ALTER USER %s@'%%' IDENTIFIED BY %s", name, password)
    return password


def drop_account() -> None:
    """Remove the current app's account with all it may do."""
    _run("DROP USER IF EXISTS %s@'%%'", account().name)


class Difference(NamedTuple):
    """What an account may do and should not, or should and may not, on one table."""

    table: str  # as the database calls it
    missing: frozenset[str]
    excess: frozenset[str]


def find_differences() -> list[Difference]:
    """Compare what the account may do on each table with what it should."""
    wanted, granted = _list_wanted(), _list_granted()
    nothing: frozenset[str] = frozenset()
    differences = []
    for table in sorted(wanted | granted):
        should, may = wanted.get(table, nothing), granted.get(table, nothing)
        if should != may:
            differences.append(Difference(table, missing=should - may, excess=may - should))
    return differences


def find_wide_privileges() -> list[str]:
    """List what the account may do beyond single tables, which should be nothing."""
    rows = _select(
        "SELECT privilege_type FROM information_schema.user_privileges "
        "WHERE grantee = %s AND privilege_type <> 'USAGE' "
        "UNION SELECT privilege_type FROM information_schema.schema_privileges WHERE grantee = %s",
        str(account()),
        str(account()),
    )
    return sorted(name for (name,) in rows)


def grant_tables() -> int:
    """Let the account read and write the rows of the current app's tables, and of nothing else.

    Returns the number of tables whose privileges changed.
    """
    differences = find_differences()
    for table, missing, excess in differences:
        for verb, privileges, side in (("GRANT", missing, "TO"), ("REVOKE", excess, "FROM")):
            if privileges:
                listed = ", ".join(sorted(privileges))
                _run(f"{verb} {listed} ON {connection.ops.quote_name(table)} {side} %s@'%%'", account().name)
    return len(differences)


def _list_wanted() -> dict[str, frozenset[str]]:
    return {
        to_physical(table): frozenset({"SELECT"}) if table in READ_ONLY else ROWS
        for table in connection.introspection.table_names()
    }


def _list_granted() -> dict[str, frozenset[str]]:
    rows = _select(
        "SELECT table_name, privilege_type FROM information_schema.table_privileges "
        "WHERE grantee = %s AND table_schema = DATABASE()",
        str(account()),
    )
    granted: dict[str, frozenset[str]] = {}
    for table, privilege in rows:
        granted[table] = granted.get(table, frozenset()) | {privilege}
    return granted


def _select(sql: str, *parameters: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return list(cursor.fetchall())


def _run(sql: str, *parameters: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
