"""Write an app to one file: every row, every file of its own, and its file of the registry."""

import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple

from django.core.files.storage import default_storage
from django.db import connection

from tenants import current
from tenants.exports.databases import snapshot
from tenants.exports.files import list_files
from tenants.exports.manifest import (
    FILES,
    MANIFEST,
    REGISTRY,
    TABLES,
    ExportError,
    FileEntry,
    Manifest,
    TableEntry,
    encode_manifest,
)
from tenants.exports.reading import CHUNK, Progress, open_export
from tenants.exports.tables import copy_rows, list_migrations, list_tables
from tenants.registry.writer import keep_folder


class Export(NamedTuple):
    """A file that holds an app, read back and found whole."""

    path: Path
    manifest: Manifest
    size: int
    sha256: str


def write_export(path: Path, *, registry: str, now: datetime, progress: Progress) -> Export:
    """Export the current app as it is at one moment; it goes on being served.

    The file appears under its name when it is whole on the disk and has been read back; memory does not grow with it.

    Raises:
        ExportError: the name is taken, or the file cannot be written.

    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _draft_of(path) as draft:
            _write(draft, registry, now, progress)
            with open_export(draft) as reader:
                manifest, digest = reader.manifest, reader.verify(progress)
            if path.exists():
                raise ExportError(f"{path} is there already; name another with --output")
            draft.rename(path)
            keep_folder(path.parent)
    except OSError as error:
        raise ExportError(f"{path} cannot be written ({error.strerror}); name another with --output") from error
    return Export(path, manifest, path.stat().st_size, digest)


@contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    # One name for the app: what a killed process left is replaced by whoever is next, and two do not come here at once.
    draft = path.parent / f".{current.get().name}.export"
    draft.unlink(missing_ok=True)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _write(draft: Path, registry: str, now: datetime, progress: Progress) -> None:
    # Nobody else on this machine may read it: these are children's data.
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            with snapshot():
                migrations, tables = list_migrations(), _write_tables(archive, progress)
            manifest = Manifest(
                app=current.get().name,
                engine=connection.vendor,
                made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
                migrations=migrations,
                registry=_write_text(archive, REGISTRY, registry.encode()),
                tables=tables,
                # After the rows: whatever a row names was stored before it.
                files=_write_files(archive, progress),
            )
            _write_text(archive, MANIFEST, encode_manifest(manifest))
        file.flush()
        os.fsync(file.fileno())


def _write_tables(archive: zipfile.ZipFile, progress: Progress) -> dict[str, TableEntry]:
    entries, tables = {}, list_tables()
    for number, table in enumerate(tables, 1):
        with archive.open(f"{TABLES}{table.name}.jsonl", "w", force_zip64=True) as member:
            entries[table.name] = copy_rows(table, member.write)
        progress("tables", number, len(tables))
    return entries


def _write_files(archive: zipfile.ZipFile, progress: Progress) -> dict[str, FileEntry]:
    entries, names = {}, list(list_files())
    for number, name in enumerate(names, 1):
        with default_storage.open(name) as file, archive.open(f"{FILES}{name}", "w", force_zip64=True) as member:
            entries[name] = _copy(file, member)
        progress("files", number, len(names))
    return entries


def _copy(file: IO[bytes], member: IO[bytes]) -> FileEntry:
    size, digest = 0, sha256()
    while chunk := file.read(CHUNK):
        member.write(chunk)
        digest.update(chunk)
        size += len(chunk)
    return FileEntry(size=size, sha256=digest.hexdigest())


def _write_text(archive: zipfile.ZipFile, name: str, text: bytes) -> FileEntry:
    archive.writestr(name, text)
    return FileEntry(size=len(text), sha256=sha256(text).hexdigest())
