"""Whether one app's tables, privileges and files are as the code relies on."""

import secrets
from collections.abc import Iterator

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tenants import current, grants, journal
from tenants.diagnosis.findings import Finding
from tenants.journal import Work
from tenants.migrating.migration import make_plan


def check_tables() -> Iterator[Finding]:
    """Look for migrations to be applied and for work that was cut off."""
    name = current.get().name
    for work in journal.list_unfinished():
        command = f"migrate_apps --app {name}" if work is Work.MIGRATE else f"{work}_app {name}"
        yield Finding(f"{name}: unfinished", f"a {work} was cut off", f"run `manage.py {command}`, which finishes it")
    pending = make_plan().migrations
    said = f"{len(pending)} to be applied, {pending[0]} first" if pending else "all applied"
    yield Finding(f"{name}: migrations", said, f"run `manage.py migrate_apps --app {name}`" if pending else "")
    if connection.vendor == "mysql":
        yield from _check_collation(name)
    if not pending:
        yield from _check_past(name)


def _check_collation(name: str) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() "
            "AND table_name LIKE %s AND (table_collation <> 'utf8mb4_bin' OR engine <> 'InnoDB') ORDER BY table_name",
            (name + r"\_%",),
        )
        wrong = [table for (table,) in cursor.fetchall()]
    said = f"not utf8mb4_bin on InnoDB: {', '.join(wrong)}" if wrong else "every table is utf8mb4_bin on InnoDB"
    step = (
        f"ALTER TABLE {wrong[0]} CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, ENGINE InnoDB" if wrong else ""
    )
    yield Finding(f"{name}: collation", said, step)


def _check_past(name: str) -> Iterator[Finding]:
    """A clock that was put back makes new rows older than old ones."""
    newest = max(migration.applied for migration in MigrationRecorder(connection).applied_migrations().values())
    step = "put this machine's clock right: rows are dated by it" if newest > timezone.now() else ""
    yield Finding(f"{name}: past", f"migrated last at {newest:%Y-%m-%d %H:%M} UTC", step)


def check_privileges() -> Iterator[Finding]:
    """Look at what the app's own MySQL account may do."""
    name = current.get().name
    if connection.vendor != "mysql":
        return
    if not grants.are_used():
        yield Finding(
            f"{name}: account",
            "none of its own: whoever connects may read every app",
            f"run `manage.py grant_app {name}`",
        )
        return
    wide = grants.find_wide_privileges()
    if wide:
        step = f"REVOKE {', '.join(wide)} ON *.* FROM {grants.account()}, and the same on the database"
        yield Finding(f"{name}: account", f"may {', '.join(wide)} beyond its tables", step)
    different = [each.table for each in grants.find_differences()]
    said = (
        f"wrong privileges on {', '.join(different)}" if different else f"{grants.account()} sees its own tables only"
    )
    yield Finding(f"{name}: privileges", said, f"run `manage.py grant_app {name}`" if different else "")


def check_cache() -> Iterator[Finding]:
    """Write, read and remove an entry."""
    name, value = current.get().name, secrets.token_hex(8)
    cache.set("doctor", value, 60)
    is_kept = cache.get("doctor") == value
    cache.delete("doctor")
    step = "" if is_kept else "look at REDIS_URL and at the server's memory policy"
    yield Finding(f"{name}: cache", "keeps what it is given" if is_kept else "lost an entry at once", step)


def check_files() -> Iterator[Finding]:
    """Write, read and remove a file."""
    name, value = current.get().name, secrets.token_bytes(64)
    path = default_storage.save("doctor/probe", ContentFile(value))
    try:
        with default_storage.open(path) as file:
            is_kept = file.read() == value
    finally:
        default_storage.delete(path)
    step = "" if is_kept else "look at the disk below DATA_DIR"
    yield Finding(f"{name}: files", "kept as they are written" if is_kept else "came back different", step)
