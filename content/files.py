"""Files named by the SHA-256 of what is in them: packs, assets and session indexes of the current app."""

from enum import StrEnum
from hashlib import sha256
from typing import BinaryIO, cast

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class Folder(StrEnum):
    ASSETS = "assets"
    INDEXES = "indexes"
    PACKS = "packs"


def store(folder: Folder, data: bytes) -> str:
    """Keep some bytes and return their name; what is there already is left alone.

    A file of another size is what a killed process left half written, and is written again.
    """
    digest = sha256(data).hexdigest()
    path = _path(folder, digest)
    if not is_stored(folder, digest, len(data)):
        default_storage.delete(path)
        default_storage.save(path, ContentFile(data))
    return digest


def is_stored(folder: Folder, digest: str, size: int) -> bool:
    """Tell whether a file is there, whole."""
    path = _path(folder, digest)
    return default_storage.exists(path) and default_storage.size(path) == size


def open_file(folder: Folder, digest: str) -> BinaryIO:
    """Open a file for reading; raise `FileNotFoundError` where the app has none of this name."""
    return cast("BinaryIO", default_storage.open(_path(folder, digest)))


def _path(folder: Folder, digest: str) -> str:
    return f"{folder}/{digest[:2]}/{digest}"
