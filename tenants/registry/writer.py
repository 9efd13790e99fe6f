"""Put files into the registry and take them out: the last step of a launch and the first of a retirement.

What has no file is served by nobody, so a file is there whole or not at all, whenever the process is killed.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from tenants.registry import catalogue


class Unwritable(OSError):
    """The registry's folder belongs to a deployed package."""

    def __init__(self, error: OSError) -> None:
        super().__init__(
            f"{catalogue.FOLDER} cannot be written ({error.strerror}); run this in a checkout of the source"
        )


def render(table: Mapping[str, Any]) -> str:
    """Return a file's text in the form of those written by hand, one line for each key."""
    return "".join(f"{key} = {_render(value)}\n" for key, value in table.items())


def _render(value: Any) -> str:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_render(each)}" for key, each in value.items()) + " }"
    # Texts and lists of texts are written alike in both.
    return json.dumps(value, ensure_ascii=False)


def has_file(name: str) -> bool:
    """Tell whether an app of this name is served: asks the folder, not what this process has read from it."""
    return _path(name).exists()


def read_file(name: str) -> str:
    """Return an app's own file as it stands, line ends too."""
    return _path(name).read_bytes().decode("utf-8")


def check_folder() -> None:
    """Raise `Unwritable` where no file can be added."""
    try:
        with TemporaryFile(dir=catalogue.FOLDER):
            pass
    except OSError as error:
        raise Unwritable(error) from error


def write_file(name: str, text: str) -> None:
    """Add an app to the registry; raise `FileExistsError` where it has one of this name."""
    draft = _draft(name)
    draft.unlink(missing_ok=True)
    with draft.open("xb") as file:
        file.write(text.encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())
    os.link(draft, _path(name))  # a rename would replace the file of whoever came first
    draft.unlink()
    _keep()


def remove_file(name: str) -> None:
    """Take an app out of the registry, with what a killed process has left half way."""
    for path in (_path(name), _draft(name)):
        path.unlink(missing_ok=True)
    _keep()


def _path(name: str) -> Path:
    return catalogue.FOLDER / f"{name}.toml"


def _draft(name: str) -> Path:
    return catalogue.FOLDER / f".{name}.draft"


def _keep() -> None:
    """Make a change last, and known to this process."""
    keep_folder(catalogue.FOLDER)
    catalogue.forget()


def keep_folder(folder: Path) -> None:
    """Have the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
