"""Read an export, of which nothing is believed before it has been verified."""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tenants.exports.manifest import (
    FILES,
    MANIFEST,
    REGISTRY,
    TABLES,
    ExportError,
    FileEntry,
    Manifest,
    TableEntry,
    decode_manifest,
    decode_row,
)

CHUNK = 2**16
#: How a damaged archive shows itself.
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, RuntimeError)

#: Told what is being worked on, how much of it is done, and how much there is.
type Progress = Callable[[str, int, int], None]


class Reader:
    """An export opened for reading."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path, self._archive = path, archive
        self.manifest: Manifest = decode_manifest(archive.read(MANIFEST))

    def verify(self, progress: Progress) -> str:
        """Compare everything in the file with its manifest; return the SHA-256 of the file itself.

        Raises:
            ExportError: names the first member that is missing, too many or not what was written.

        """
        members = self.manifest.members
        if differing := set(self._archive.namelist()) ^ {MANIFEST, *members}:
            raise ExportError(f"{self._path} is damaged: {min(differing)} is missing, or not of it")
        for number, (name, entry) in enumerate(members.items(), 1):
            if not self._holds(name, entry):
                raise ExportError(f"{self._path} is damaged: {name} is not what was exported")
            progress("verified", number, len(members))
        with self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def read_registry(self) -> str:
        return self._archive.read(REGISTRY).decode()

    def read_rows(self, table: str) -> Iterator[list[Any]]:
        with self._archive.open(f"{TABLES}{table}.jsonl") as lines:
            yield from map(decode_row, lines)

    def open_file(self, name: str) -> IO[bytes]:
        return self._archive.open(f"{FILES}{name}")

    def _holds(self, name: str, entry: FileEntry | TableEntry) -> bool:
        digest, size, lines = hashlib.sha256(), 0, 0
        try:
            with self._archive.open(name) as member:
                while chunk := member.read(CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    lines += chunk.count(b"\n")
        except DAMAGED:
            return False
        is_counted = size == entry.size if isinstance(entry, FileEntry) else lines == entry.rows
        return is_counted and digest.hexdigest() == entry.sha256


@contextmanager
def open_export(path: Path) -> Iterator[Reader]:
    """Open an export; raise `ExportError` for what is none."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise ExportError(f"{path} cannot be read: {error.strerror}") from error
    except DAMAGED as error:
        raise ExportError(f"{path} is no export of an app, or is cut off") from error
    with archive:
        try:
            reader = Reader(path, archive)
        except DAMAGED as error:
            raise ExportError(f"{path} is no export of an app: it has no manifest that can be read") from error
        yield reader
