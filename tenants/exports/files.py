"""All files of the current app, through Django's storage, wherever it keeps them."""

from collections.abc import Iterator
from contextlib import suppress

from django.core.files.storage import default_storage


def list_files(folder: str = "") -> Iterator[str]:
    """Yield the paths of the app's files, in order; what a killed writer left half way begins with a dot."""
    folders, names = _list(folder)
    yield from (f"{folder}{name}" for name in sorted(names) if not name.startswith("."))
    for each in sorted(folders):
        yield from list_files(f"{folder}{each}/")


def remove_files(folder: str = "") -> None:
    """Remove everything the app keeps, the folders too; what is gone already does not matter."""
    folders, names = _list(folder)
    for each in folders:
        remove_files(f"{folder}{each}/")
    for name in names:
        default_storage.delete(f"{folder}{name}")
    with suppress(NotImplementedError, FileNotFoundError):
        # Where folders are only parts of names (S3), there is none to remove.
        default_storage.delete(folder or ".")


def has_files() -> bool:
    """Tell whether the app keeps anything at all, an empty folder included."""
    return default_storage.exists(".")


def _list(folder: str) -> tuple[list[str], list[str]]:
    try:
        folders, names = default_storage.listdir(folder or ".")
    except FileNotFoundError:
        return [], []
    return folders, names
