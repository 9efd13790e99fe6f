"""An app of its own to migrate, and an optional room whose migrations a test writes."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.admin import sites
from django.db import connection
from pytest_django.fixtures import Settings

from tenants import current
from tenants.backends.names import to_physical
from tenants.registry import catalogue
from tenants.registry.app import App
from tenants.registry.catalogue import get_app

type WriteMigrations = Callable[..., None]

VERSIONS = count(1)
#: Rooms without migrations here, for speed; what Django fills after each run stays.
LEFT_OUT = dict.fromkeys(("accounts", "admin", "content", "jobs", "learning", "sessions"))
HEAD = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [{dependencies}]
    operations = [{operations}]
"""
INITIAL = """migrations.CreateModel("Loan", [
    ("id", models.BigAutoField(primary_key=True)), ("book", models.CharField(max_length=80)),
], options={"db_table": "loans"})"""


@pytest.fixture
def scratch(transactional_db: None) -> Iterator[App]:
    """An app without tables, served for the whole test; its tables go with it."""
    app = get_app("qais")._replace(name="scratch")
    with current.use(app):
        yield app
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:
            for table in connection.introspection.table_names():
                cursor.execute(f"DROP TABLE {connection.ops.quote_name(to_physical(table))}")


@pytest.fixture
def migrations_of_lending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> Iterator[WriteMigrations]:
    """Install the optional room `lending` with migrations written as text: `write(first, second, …)`."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(catalogue, "OPTIONAL_ROOMS", frozenset({"lending"}))
    # Each room is told anew that it is ready, and the dashboard would put an empty site in place of the full one.
    monkeypatch.setattr(admin, "site", admin.site)
    monkeypatch.setattr(sites, "site", sites.site)
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "tests.tenants.lending.apps.LendingConfig"]

    def write(*operations: str) -> None:
        # A new name each time: Python keeps what it has imported.
        package = tmp_path / f"lending_migrations_{next(VERSIONS)}"
        package.mkdir()
        (package / "__init__.py").touch()
        for number, text in enumerate((INITIAL, *operations), 1):
            before = f'("lending", "{number - 1:04}_step")' if number > 1 else ""
            module = HEAD.format(dependencies=before, operations=text)
            (package / f"{number:04}_step.py").write_text(module, "utf-8")
        settings.MIGRATION_MODULES = LEFT_OUT | {"lending": package.name}

    write()
    yield write
    settings.MIGRATION_MODULES = {}


@pytest.fixture
def with_lending(scratch: App, migrations_of_lending: WriteMigrations) -> Iterator[App]:
    """The scratch app with the optional room enabled."""
    app = scratch._replace(rooms=("lending",))
    with current.use(app):
        yield app
