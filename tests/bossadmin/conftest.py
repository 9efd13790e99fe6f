import pytest

from content.models import Release
from tenants import current
from tenants.registry.app import App
from tests.editors import Editor, add_rows


@pytest.fixture
def editor(db: None, amal: App) -> Editor:
    """Amal's editor."""
    return Editor(amal)


@pytest.fixture
def rows(released: Release, amal: App) -> None:
    """One row of every model, at least."""
    with current.use(amal):
        add_rows(1)
