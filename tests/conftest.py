"""Two apps on one database, and the people in them: amal's guardian owns, thurayya's must see nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps as django_apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases

from content.models import Release
from tenants import current
from tenants.registry.app import App
from tenants.registry.catalogue import get_app
from tests.curricula import release_curriculum, small_curriculum
from tests.phones import Phone

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
ROOMS = {"accounts", "content", "learning", "jobs"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what touches the database, which is run again on MySQL; a test of the tests needs but one."""
    for item in items:
        if item.get_closest_marker("of_tests"):
            continue
        if item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Create the test database with the tables of both apps."""
    with django_db_blocker.unblock():
        with current.use("amal"):
            databases = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        with current.use("thurayya"):
            call_command("migrate", verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(databases, verbosity=0)


@pytest.fixture(autouse=True)
def _leave_apps_whole(request: pytest.FixtureRequest) -> Iterator[None]:
    """Check both apps' foreign keys after a test, and empty their tables when it committed.

    Django's own check and flush see no tables outside an app.
    """
    marker = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames) or (
        marker and marker.kwargs.get("transaction")
    )
    if not commits and not marker and "db" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("transactional_db" if commits else "db")
    yield
    for name in ("amal", "thurayya"):
        with current.use(name):
            connection.check_constraints()
    if not commits:
        return
    tables = [
        model._meta.db_table
        for model in django_apps.get_models(include_auto_created=True)
        if model._meta.app_label in ROOMS | {"admin", "sessions"}
    ]
    for name in ("amal", "thurayya"):
        with current.use(name):
            connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, reset_sequences=False))


@pytest.fixture
def amal() -> App:
    return get_app("amal")


@pytest.fixture
def thurayya() -> App:
    return get_app("thurayya")


@pytest.fixture
def in_amal(amal: App) -> Iterator[App]:
    """Serve amal for the whole test."""
    with current.use(amal):
        yield amal


@pytest.fixture
def phone(db: None, amal: App) -> Phone:
    """Amal's guardian."""
    return Phone(amal, Client())


@pytest.fixture
def second_phone(db: None, amal: App) -> Phone:
    """A second guardian of amal."""
    return Phone(amal, Client())


@pytest.fixture
def thurayyas_phone(db: None, thurayya: App) -> Phone:
    """A guardian of thurayya."""
    return Phone(thurayya, Client())


@pytest.fixture
def released(db: None, amal: App) -> Release:
    """Amal with a small curriculum published."""
    with current.use(amal):
        return release_curriculum(small_curriculum())


@pytest.fixture
def released_in_thurayya(db: None, thurayya: App) -> Release:
    """Thurayya with a longer one, so that ids mean different things in the two apps."""
    with current.use(thurayya):
        return release_curriculum(small_curriculum(8))
