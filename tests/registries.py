"""A registry that a test may write to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy

import pytest
from django.db import connection

from tenants import current
from tenants.backends.names import plain
from tenants.registry import catalogue
from tenants.retirement.dismantling import dismantle


@contextmanager
def own_registry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Have this process read, and write, a copy of the registry's files."""
    for path in catalogue.FOLDER.glob("*.toml"):
        copy(path, folder)
    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "FOLDER", folder)
        catalogue.forget()
        yield folder
    catalogue.forget()


def leave_nothing(name: str) -> None:
    """Take away all that a test has made of an app."""
    with current.use(catalogue.stand_in(name)):
        dismantle(lambda *_: None)


def list_tables(name: str) -> list[str]:
    """Return the tables there are of an app, by their logical names, whether or not it has a file."""
    with current.use(catalogue.stand_in(name)):
        return [plain(table) for table in connection.introspection.table_names()]
