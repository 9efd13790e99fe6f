"""End an app: all it has goes into one file, and then away.

What is dropped is what was exported, to the last row. What was begun is in the journal, so that a run that is killed is
finished by the next: before the app's file is gone from the registry nothing is lost and it starts anew, after that it
goes on dropping.
"""

import hashlib
import json
from datetime import datetime
from pathlib import Path

from django.db import connection

from tenants import current, journal
from tenants.exports.databases import database
from tenants.exports.manifest import ExportError
from tenants.exports.tables import find_changed
from tenants.exports.writing import Export, write_export
from tenants.journal import Work
from tenants.migrating import locks
from tenants.ownership import as_owner
from tenants.registry import writer
from tenants.retirement.dismantling import Progress, drop_tables, remove_rest


class WrittenMeanwhile(RuntimeError):
    """Somebody wrote rows of the app after they had been exported."""

    def __init__(self, tables: list[str]) -> None:
        super().__init__(
            f"{current.get().name} was written to while it was exported ({', '.join(tables)}); nothing was dropped: "
            "stop what serves it, then run again"
        )


class Unmigrated(RuntimeError):
    """A migration of the app was cut off, so that its tables are those of no version."""

    def __init__(self) -> None:
        name = current.get().name
        super().__init__(
            f"a migration of {name} was cut off; finish it first, with `manage.py migrate_apps --app {name}`"
        )


def retire(path: Path, *, now: datetime, progress: Progress) -> tuple[Export, int]:
    """Export the current app to a file that is verified, then remove all of it; return how many tables as well.

    Raises:
        ExportError: the file cannot be written; the app is as it was.
        WrittenMeanwhile: the app is still in use; it is as it was, and there is no file.
        Unmigrated: the app is as it was.
        Busy: another process is at work on the app's tables.

    """
    with as_owner(), locks.hold():
        if Work.MIGRATE in journal.list_unfinished():
            raise Unmigrated
        journal.end(Work.RETIRE)  # one that was cut off before anything was dropped
        registry = writer.read_file(current.get().name)
        export = write_export(path, registry=registry, now=now, progress=progress)
        try:
            dropped = _drop_what_was_exported(export, progress)
        except BaseException:
            if writer.has_file(current.get().name):
                journal.end(Work.RETIRE)
                path.unlink()
            raise
        remove_rest()
    return export, dropped


def find_export_of_cut_off_run() -> Path | None:
    """Return the file that a run wrote which was cut off, whether or not it had begun to drop; None without one."""
    with as_owner():
        detail = journal.find(Work.RETIRE)
    return Path(json.loads(detail)["export"]) if detail else None


def go_on(*, progress: Progress) -> int:
    """Drop what a retirement that was cut off has left of the current app; return the number of tables.

    Raises:
        ExportError: the app's export is gone, or has been changed; nothing was dropped.

    """
    with as_owner(), locks.hold():
        detail = json.loads(journal.find(Work.RETIRE) or "{}")
        _check_export(Path(detail["export"]), detail["sha256"])
        dropped = drop_tables(progress)
        remove_rest()
    return dropped


def _drop_what_was_exported(export: Export, progress: Progress) -> int:
    """Drop the tables while nobody can write to them, if they still hold what the export does."""
    journal.begin(Work.RETIRE, detail=json.dumps({"export": str(export.path), "sha256": export.sha256}))
    with connection.constraint_checks_disabled(), database().alone():
        if changed := find_changed(export.manifest.tables):
            raise WrittenMeanwhile(changed)
        writer.remove_file(current.get().name)  # from now on nobody is served
        return drop_tables(progress)


def _check_export(path: Path, sha256: str) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        problem = error.strerror
    else:
        problem = "" if found == sha256 else "it has been changed"
    if problem:
        raise ExportError(
            f"{current.get().name} is half dropped, and its export {path} cannot be used ({problem}); "
            "put it back there, then run again"
        )
