"""An app with children in it, which may be retired."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from content.models import Concept
from tenants.migrating.migration import migrate_app
from tenants.registry.app import App
from tenants.registry.catalogue import read_draft
from tenants.retirement.founding import founding
from tests.curricula import release_curriculum, small_curriculum
from tests.editors import add_rows
from tests.registries import leave_nothing, own_registry
from tests.tenants.retirement.lunar import FILE

#: What has to come back as it was: letters of all kinds, what JSON escapes, and numbers that only just fit.
HARD_TEXT = "قَمَرٌ 🌙 \\ \" ' \0 \n \u2028 %s {app} <b>"
HARD_NUMBERS = [0.1 + 0.2, 1e-308, -0.0, 1e15 + 0.3, 1.7976931348623157e308]


@pytest.fixture(autouse=True)
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Write to a copy of the registry, and to a folder of the test's own."""
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, data_dir=tmp_path / "data"))
    folder = tmp_path / "registry"
    folder.mkdir()
    with own_registry(folder, monkeypatch):
        yield folder


@pytest.fixture
def lunar(transactional_db: None) -> Iterator[App]:
    """An app with rows in nearly every table."""
    app = read_draft("lunar", FILE)
    with founding(app, FILE):
        migrate_app()
        release_curriculum(small_curriculum())
        add_rows(1)
        Concept.objects.update(text=HARD_TEXT)
        for concept, number in zip(Concept.objects.order_by("pk"), HARD_NUMBERS, strict=False):
            concept.bytes.update(difficulty=number)
    yield app
    leave_nothing("lunar")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Where an export goes."""
    return tmp_path / "lunar.zip"
