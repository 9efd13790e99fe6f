"""Make an app again from its export: the same rows, the same files, served as before."""

from collections.abc import Iterable, Mapping
from itertools import batched
from pathlib import Path
from typing import Any, NamedTuple

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from tenants import current
from tenants.exports.databases import BATCH, Table, database, quote
from tenants.exports.manifest import ExportError, Manifest
from tenants.exports.reading import Progress, Reader, open_export
from tenants.exports.tables import find_changed, list_tables
from tenants.migrating.executor import AppExecutor
from tenants.migrating.migration import migrate_app
from tenants.ownership import as_owner
from tenants.registry import writer
from tenants.registry.app import App
from tenants.registry.catalogue import read_draft
from tenants.retirement.founding import founding, refuse_taken, was_cut_off


class Restored(NamedTuple):
    manifest: Manifest
    newer: int  # migrations that the code has and the export had not


def restore(path: Path, *, name: str = "", progress: Progress) -> Restored:
    """Make the app that a file holds, all of it or nothing, and bring it up to date with the code.

    `name` is whose export it must be, where that matters.

    Raises:
        ExportError: the file is not whole, or not for this code or this database, or another app's.
        RegistryError: its file of the registry does not fit beside the others.
        Taken: its name is in use.
        Unwritable: no app can be made here at all.

    """
    writer.check_folder()
    with open_export(path) as reader:
        app = _read_app(reader, name, progress)
        with founding(app, reader.read_registry()):
            newer = _bring_in(reader, progress)
    return Restored(reader.manifest, newer)


def check(path: Path, *, name: str = "", progress: Progress) -> Manifest:
    """Return what a file holds; raise as `restore` does, and change nothing."""
    writer.check_folder()
    with open_export(path) as reader:
        with current.use(_read_app(reader, name, progress)), as_owner():
            if not was_cut_off():
                refuse_taken()
        return reader.manifest


def _read_app(reader: Reader, name: str, progress: Progress) -> App:
    """Return the app of an export that is whole and can be restored here."""
    manifest = reader.manifest
    if name not in {"", manifest.app}:
        raise ExportError(f"the export is of {manifest.app}, not of {name}; name that, or none")
    if manifest.engine != connection.vendor:
        raise ExportError(f"the export was made on {manifest.engine}, and DATABASE_URL names {connection.vendor}")
    reader.verify(progress)
    app = read_draft(manifest.app, reader.read_registry())
    with current.use(app), as_owner():
        known = AppExecutor(connection).loader.disk_migrations or {}
    if unknown := sorted(_recorded(manifest) - set(known)):
        raise ExportError(
            f"the export has the migration {'.'.join(unknown[0])}, which this code has not: use newer code"
        )
    return app


def _recorded(manifest: Manifest) -> set[tuple[str, str]]:
    return {(room, name) for room, names in manifest.migrations.items() for name in names}


def _bring_in(reader: Reader, progress: Progress) -> int:
    manifest = reader.manifest
    _migrate_as_then(_recorded(manifest))
    tables = _match_tables(manifest)
    # The order of the tables is not that of their references.
    with connection.constraint_checks_disabled():
        for number, (name, table) in enumerate(tables.items(), 1):
            _load(table, reader.read_rows(name))
            if (counter := manifest.tables[name].counter) is not None:
                database().set_counter(table, counter)
            progress("tables", number, len(tables))
    connection.check_constraints()
    if changed := find_changed(manifest.tables):
        raise ExportError(f"{', '.join(changed)} did not come back as exported")
    _store_files(reader, progress)
    return migrate_app(may_contract=True).applied


def _migrate_as_then(recorded: set[tuple[str, str]]) -> None:
    """Make the tables as they were: the rows fit into no others."""
    executor = AppExecutor(connection)
    plan = [step for step in executor.plan_all() if (step[0].app_label, step[0].name) in recorded]
    executor.migrate(None, plan)


def _match_tables(manifest: Manifest) -> Mapping[str, Table]:
    """Return the tables by name, with their columns in the order of the exported rows."""
    there = {table.name: table for table in list_tables()}
    columns = {name: set(table.columns) for name, table in there.items()}
    exported = {name: set(entry.columns) for name, entry in manifest.tables.items()}
    if unlike := sorted(name for name in columns.keys() | exported.keys() if columns.get(name) != exported.get(name)):
        raise ExportError(f"{', '.join(unlike)}: the migrations of the export make other tables than it has")
    return {name: there[name]._replace(columns=entry.columns) for name, entry in manifest.tables.items()}


def _load(table: Table, rows: Iterable[list[Any]]) -> None:
    columns = ", ".join(map(quote, table.columns))
    marks = ", ".join(["%s"] * len(table.columns))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table.quoted}")  # noqa: S608 - a name, quoted; migrations may have added rows
        for batch in batched(rows, BATCH):
            cursor.executemany(f"INSERT INTO {table.quoted} ({columns}) VALUES ({marks})", batch)  # noqa: S608 - names


def _store_files(reader: Reader, progress: Progress) -> None:
    names = list(reader.manifest.files)
    for number, name in enumerate(names, 1):
        with reader.open_file(name) as member:
            default_storage.save(name, File(member))
        progress("files", number, len(names))
