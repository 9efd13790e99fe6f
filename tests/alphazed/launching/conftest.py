"""A registry to write to, and nothing of lunar in the database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from tests.registries import leave_nothing, own_registry


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, data_dir=tmp_path))
    with own_registry(tmp_path, monkeypatch) as folder:
        yield folder


@pytest.fixture
def empty(transactional_db: None) -> Iterator[None]:
    """Nothing is there of lunar, before the test and after it."""
    yield
    leave_nothing("lunar")
