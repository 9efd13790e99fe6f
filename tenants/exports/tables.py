"""All rows of the current app, table by table, as lines."""

from collections.abc import Callable, Mapping
from hashlib import sha256

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.migrations.recorder import MigrationRecorder

from tenants import journal
from tenants.backends.names import plain
from tenants.exports.databases import Table, database
from tenants.exports.manifest import TableEntry, encode_row


def list_tables() -> list[Table]:
    """Return the current app's tables by name, but for the journal, which tells of work and not of the app."""
    with connection.cursor() as cursor:
        names = [plain(name) for name in connection.introspection.table_names(cursor)]
        return [_describe(name, cursor) for name in sorted(names) if name != journal.TABLE]


def _describe(name: str, cursor: CursorWrapper) -> Table:
    key = connection.introspection.get_primary_key_columns(cursor, name)
    table = Table(name, columns=(), key=tuple(key or ()))
    cursor.execute(f"SELECT * FROM {table.quoted} LIMIT 0")  # noqa: S608 - a name, quoted
    return table._replace(columns=tuple(column[0] for column in cursor.description))


def list_migrations() -> dict[str, list[str]]:
    """Return the names of the migrations that the current app's tables have, by room."""
    rooms: dict[str, list[str]] = {}
    for room, name in sorted(MigrationRecorder(connection).applied_migrations()):
        rooms.setdefault(room, []).append(name)
    return rooms


def copy_rows(table: Table, write: Callable[[bytes], object]) -> TableEntry:
    """Hand on every row of a table as a line; return what the manifest says of them."""
    rows, digest = 0, sha256()
    for row in database().read_rows(table):
        line = encode_row(row)
        write(line)
        digest.update(line)
        rows += 1
    counter = database().read_counter(table)
    return TableEntry(columns=table.columns, rows=rows, sha256=digest.hexdigest(), counter=counter)


def find_changed(entries: Mapping[str, TableEntry]) -> list[str]:
    """Return the tables whose rows are not those of an export, in whatever way. Reads all of them."""
    there = {table.name: table for table in list_tables()}
    changed = there.keys() ^ entries.keys()
    for name in there.keys() & entries.keys():
        then = entries[name]
        is_alike = set(there[name].columns) == set(then.columns)
        now = copy_rows(there[name]._replace(columns=then.columns), write=len) if is_alike else None
        # Not the counter: what was inserted and taken back has changed nothing.
        if now is None or (now.rows, now.sha256) != (then.rows, then.sha256):
            changed.add(name)
    return sorted(changed)
