"""The doctor finds what is wrong, and nothing where nothing is."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache.backends.locmem import LocMemCache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from tenants import current, grants, journal
from tenants.diagnosis import database
from tenants.journal import Work
from tenants.management.commands import doctor

IS_MYSQL = django_settings.DATABASES["default"]["ENGINE"].endswith("mysql")
on_mysql = pytest.mark.skipif(not IS_MYSQL, reason="SQLite has none of it")


def failures(*apps: str) -> dict[str, dict[str, str]]:
    """Return what the doctor finds wrong, by subject."""
    out = StringIO()
    with suppress(CommandError):
        call_command("doctor", app=",".join(apps or ("amal",)), json=True, stdout=out)
    findings: list[dict[str, Any]] = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(findings) > 6
    return {each["subject"]: each for each in findings if not each["ok"]}


@pytest.fixture
def granted(transactional_db: None) -> Iterator[None]:
    """Accounts for both apps, where the database has accounts."""
    for name in ("amal", "thurayya"):
        with current.use(name):
            if IS_MYSQL:
                grants.create_account()
                grants.grant_tables()
    yield
    for name in ("amal", "thurayya"):
        with current.use(name):
            if IS_MYSQL:
                grants.drop_account()


def test_where_nothing_is_wrong_nothing_is_found(granted: None) -> None:
    out = StringIO()

    call_command("doctor", app="amal,thurayya", stdout=out)

    assert "FAIL" not in out.getvalue()
    assert "amal: migrations" in out.getvalue()


def test_a_failure_says_what_to_do_and_ends_in_failure(granted: None) -> None:
    out = StringIO()

    with pytest.raises(CommandError, match="of the findings above ask for something to be done"):
        call_command("doctor", app="qais", stdout=out)

    assert "FAIL qais: migrations" in out.getvalue()
    assert "→ run `manage.py migrate_apps --app qais`" in out.getvalue()


@pytest.mark.parametrize(
    ("work", "step"), [(Work.MIGRATE, "migrate_apps --app amal"), (Work.RETIRE, "retire_app amal")]
)
def test_work_that_was_cut_off_is_found(granted: None, work: Work, step: str) -> None:
    with current.use("amal"):
        journal.begin(work)

    found = failures()

    with current.use("amal"):
        journal.end(work)
    assert step in found["amal: unfinished"]["next_step"]


def test_a_clock_put_back_is_found(granted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    yesterday = timezone.now() - timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: yesterday)

    assert "put this machine's clock right" in failures()["amal: past"]["next_step"]


def test_a_cache_that_forgets_is_found(granted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LocMemCache, "get", lambda *_, **__: None)

    assert failures()["amal: cache"]["said"] == "lost an entry at once"


def test_a_folder_that_cannot_be_written_is_found(granted: None, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.STORAGES = django_settings.STORAGES | {
        "default": {
            "BACKEND": "tenants.storage.AppFileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "file")},
        }
    }

    assert failures()["amal: files"]["next_step"] == "let this user write below DATA_DIR"


def test_a_full_disk_is_found(granted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LITTLE_SPACE_BYTES", 1 << 60)

    assert "make room" in failures()["disk"]["next_step"]


def test_tables_of_an_app_that_nobody_knows_are_found(granted: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE lunar_django_migrations (id INTEGER)")
    try:
        found = failures()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE lunar_django_migrations")

    assert found["lunar: registry"]["said"] == "1 tables of an app that the registry does not know"


def test_a_session_set_up_otherwise_is_found(granted: None) -> None:
    change, back = (
        ("SET time_zone = '+03:00'", "SET time_zone = '+00:00'")
        if IS_MYSQL
        else ("PRAGMA foreign_keys = OFF", "PRAGMA foreign_keys = ON")
    )
    with connection.cursor() as cursor:
        cursor.execute(change)
    try:
        found = failures()
    finally:
        with connection.cursor() as cursor:
            cursor.execute(back)

    assert "sessions are set up by the engine" in found["database: session"]["next_step"]


@on_mysql
def test_clocks_that_differ_are_found(granted: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "TOLERANCE_S", -1)

    assert "NTP" in failures()["clocks"]["next_step"]


@on_mysql
def test_another_collation_is_found(granted: None) -> None:
    with current.use("amal"), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE {app}jobs CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_ai_ci")
    try:
        found = failures()
    finally:
        with current.use("amal"), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE {app}jobs CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")

    assert found["amal: collation"]["said"] == "not utf8mb4_bin on InnoDB: amal_jobs"


@on_mysql
def test_privileges_that_reach_too_far_are_found(granted: None) -> None:
    with current.use("amal"), connection.cursor() as cursor:
        cursor.execute(f"GRANT PROCESS ON *.* TO {grants.account()}")
        cursor.execute(f"GRANT SELECT ON thurayya_users TO {grants.account()}")

    found = failures()

    assert found["amal: account"]["said"] == "may PROCESS beyond its tables"
    assert found["amal: privileges"]["said"] == "wrong privileges on thurayya_users"


@on_mysql
def test_an_app_without_an_account_of_its_own_is_found(transactional_db: None) -> None:
    assert failures()["amal: account"]["next_step"] == "run `manage.py grant_app amal`"
