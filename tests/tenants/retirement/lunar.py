"""What is done to lunar, and what there is of it."""

import json
import zipfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tenants import current
from tenants.backends.names import to_physical
from tenants.registry.app import App

#: Its file in the registry: with a comment, and line ends of another system.
FILE = '# Kept to the letter.\r\ntitle = { ar = "قمر", en = "Lunar" }\ntheme = { primary = "#4338ca", emoji = "🌙" }\n'

type Rows = dict[str, list[tuple[Any, ...]]]


def retire(output: Path) -> str:
    """Retire lunar; return what was printed."""
    out = StringIO()
    call_command("retire_app", "lunar", "--yes-i-mean", "lunar", "--output", str(output), stdout=out)
    return out.getvalue()


def restore(path: Path, *options: str) -> str:
    """Make an app again from a file; return what was printed."""
    out = StringIO()
    call_command("retire_app", *options, "--restore", str(path), stdout=out)
    return out.getvalue()


def read_rows(app: App) -> Rows:
    """Return all rows there are of an app, table by table."""
    rows: Rows = {}
    with current.use(app), connection.cursor() as cursor:
        for table in map(to_physical, connection.introspection.table_names()):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")  # noqa: S608 - a name, quoted
            rows[table] = cursor.fetchall()
    return rows


def read_files(app: App) -> dict[str, bytes]:
    """Return all files there are of an app, by path."""
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / app.name
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def read_manifest(path: Path) -> dict[str, Any]:
    """Return what an export says of itself."""
    with zipfile.ZipFile(path) as archive:
        manifest: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return manifest


def change_members(path: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """Write an archive anew with other members, whose own checksums are then right."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def amend_manifest(path: Path, amend: Callable[[dict[str, Any]], object]) -> None:
    """Let an export say something else of itself."""
    manifest = read_manifest(path)
    amend(manifest)
    change_members(path, lambda members: members.update({"manifest.json": json.dumps(manifest).encode()}))
