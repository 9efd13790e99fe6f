"""Commands for one app, for some, for all; and what a person reads when something is wrong."""

import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, transaction

from alphazed.settings.env import ROOT
from tenants import current
from tenants.current import NoTenant
from tenants.management.commands import for_apps, migrate_apps
from tenants.management.selection import select_apps
from tenants.migrating.migration import Contracts, Outcome
from tenants.registry.app import App


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Record what the commands would run, as (app, command, arguments…), instead of running it."""
    calls: list[tuple[str, ...]] = []

    def record(*command_line: str, **_: Any) -> None:
        calls.append((current.get().name, *command_line))

    def record_migration(**_: Any) -> Outcome:
        record("migrate_app")
        return Outcome(applied=0, granted=0, seconds=0)

    monkeypatch.setattr(for_apps, "call_command", record)
    monkeypatch.setattr(migrate_apps, "migrate_app", record_migration)
    return calls


@pytest.fixture
def thurayya_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: str, **__: Any) -> None:
        if current.get().name == "thurayya":
            raise CommandError("no room left")

    monkeypatch.setattr(for_apps, "call_command", fail)


@pytest.fixture
def pinned_to_amal(amal: App) -> Iterator[None]:
    current.pin(amal)
    yield
    current.pin(None)


def manage(tmp_path: Path, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run `manage.py` in a process of its own that knows nothing of this one's environment."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), **variables},
        capture_output=True,
        text=True,
        check=False,
    )


def test_all_apps_are_meant_where_none_is_named() -> None:
    assert [app.name for app in select_apps("")] == ["amal", "kidelite", "montessori", "qais", "school", "thurayya"]


def test_the_pinned_app_is_meant_where_none_is_named(pinned_to_amal: None) -> None:
    assert [app.name for app in select_apps("")] == ["amal"]


def test_spaces_around_names_do_not_matter() -> None:
    assert [app.name for app in select_apps("amal, thurayya")] == ["amal", "thurayya"]


@pytest.mark.parametrize("names", ["amal,nobody", "nobody", "amal,", ",", "Amal"])
@pytest.mark.parametrize("command", ["migrate_apps", "for_apps"])
def test_an_unknown_app_is_one_clear_error_before_anything_runs(
    called: list[tuple[str, ...]], command: str, names: str
) -> None:
    arguments = ["--app", names, *(["check"] if command == "for_apps" else [])]

    with pytest.raises(CommandError, match=r"no app is called '.*'; there are amal, kidelite"):
        call_command(command, *arguments)

    assert called == []


def test_it_migrates_the_apps_that_are_named(db: None) -> None:
    out = StringIO()

    call_command("migrate_apps", app="amal,thurayya", stdout=out)

    assert sorted(out.getvalue().splitlines()) == ["amal: up to date", "thurayya: up to date"]
    assert current.find() is None


def test_it_migrates_each_app_in_itself(called: list[tuple[str, ...]]) -> None:
    call_command("migrate_apps", app="thurayya,qais", parallel=1, stdout=StringIO())

    assert called == [("thurayya", "migrate_app"), ("qais", "migrate_app")]


@pytest.mark.parametrize("parallel", ["0", "-1", "many"])
def test_apps_are_migrated_at_least_one_at_a_time(called: list[tuple[str, ...]], parallel: str) -> None:
    with pytest.raises(CommandError, match="--parallel"):
        call_command("migrate_apps", "--parallel", parallel)

    assert called == []


def test_a_rehearsal_says_what_would_be_done_and_does_nothing(called: list[tuple[str, ...]], db: None) -> None:
    out = StringIO()

    call_command("migrate_apps", app="amal,qais", dry_run=True, stdout=out)

    amal, qais = sorted(out.getvalue().splitlines())
    assert amal == "amal: up to date"
    assert qais.startswith("qais: would apply contenttypes.0001_initial, ")
    assert called == []


def test_a_refusal_names_the_migration_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: Any) -> None:
        raise Contracts(["jobs.0009_drop drops Job.error"])

    monkeypatch.setattr(migrate_apps, "migrate_app", refuse)
    err = StringIO()

    with pytest.raises(CommandError, match=r"^not migrated: amal;"):
        call_command("migrate_apps", app="amal", stderr=err)

    assert err.getvalue() == (
        "amal: refused: jobs.0009_drop drops Job.error; when no running code needs it, run again with --contract\n"
    )


def test_an_app_that_cannot_be_migrated_does_not_keep_the_others_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail_for_amal(**_: Any) -> Outcome:
        if current.get().name == "amal":
            raise OperationalError("disk is full")
        return Outcome(applied=2, granted=0, seconds=0.04)

    monkeypatch.setattr(migrate_apps, "migrate_app", fail_for_amal)
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match=r"^not migrated: amal;"):
        call_command("migrate_apps", app="amal,thurayya", stdout=out, stderr=err)

    assert out.getvalue() == "thurayya: 2 migrations applied in 0.0 s\n"
    assert err.getvalue() == "amal: disk is full\n"


def test_for_apps_runs_the_command_in_each_app_with_its_arguments(called: list[tuple[str, ...]]) -> None:
    call_command("for_apps", "--app", "amal,qais", "showmigrations", "accounts", "--plan", stdout=StringIO())

    assert called == [
        ("amal", "showmigrations", "accounts", "--plan"),
        ("qais", "showmigrations", "accounts", "--plan"),
    ]
    assert current.find() is None


def test_for_apps_goes_on_after_a_failure_and_names_it(thurayya_fails: None) -> None:
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match=r"^failed for thurayya$"):
        call_command("for_apps", "--app", "amal,thurayya,qais", "check", stdout=out, stderr=err)

    assert out.getvalue().split() == ["amal", "thurayya", "qais"]
    assert err.getvalue() == "thurayya: no room left\n"
    assert current.find() is None


def test_for_apps_goes_on_when_one_apps_database_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    def fail_for_amal(*_: str, **__: Any) -> None:
        ran.append(current.get().name)
        if current.get().name == "amal":
            raise OperationalError("no such table")

    monkeypatch.setattr(for_apps, "call_command", fail_for_amal)

    with pytest.raises(CommandError, match=r"^failed for amal$"):
        call_command("for_apps", "--app", "amal,thurayya", "check", stdout=StringIO(), stderr=StringIO())

    assert ran == ["amal", "thurayya"]


@pytest.mark.parametrize("arguments", [[], ["--app", "amal"], ["nonsense"], ["--app", "amal", "nonsense", "x"]])
def test_for_apps_without_a_command_to_run_says_so(called: list[tuple[str, ...]], arguments: list[str]) -> None:
    with pytest.raises(CommandError, match="for_apps needs a command to run"):
        call_command("for_apps", *arguments)

    assert called == []


@pytest.mark.parametrize(
    "command_line", [["createsuperuser", "--no-input", "--email", "a@b.example"], ["clearsessions"]]
)
def test_a_plain_command_needs_an_app(db: None, command_line: list[str]) -> None:
    with pytest.raises(NoTenant), transaction.atomic():
        call_command(*command_line)


def test_what_is_migrated_is_not_said_where_no_app_is_served(db: None) -> None:
    """Without an app no table is seen, and every migration would look as if it had still to be run."""
    with pytest.raises(NoTenant):
        call_command("showmigrations", "jobs", stdout=StringIO())


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"APP_NAME": "nobody"}, "no app is called 'nobody'"),
        ({"PORT": "70000"}, "PORT is '70000'"),
        ({"ALPHAZED_INFRA": "cloud"}, "ALPHAZED_INFRA is 'cloud'"),
        ({"DATABASE_URL": "mysql://u:p@host:abc/name"}, "DATABASE_URL"),
    ],
    ids=lambda value: next(iter(value), "") if isinstance(value, dict) else "",
)
def test_a_wrong_variable_is_one_line_and_a_failure(tmp_path: Path, variables: dict[str, str], said: str) -> None:
    done = manage(tmp_path, "check", **variables)

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert done.stderr.startswith("manage.py: ")
    assert said in done.stderr


def test_a_data_folder_that_cannot_be_made_is_one_line_and_a_failure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    done = manage(tmp_path, "check", DATA_DIR=str(tmp_path / "file" / "below"))

    assert done.returncode == 1
    assert (
        done.stderr == f"manage.py: DATA_DIR {tmp_path}/file/below cannot be written (Not a directory); name another\n"
    )


def test_a_command_without_an_app_is_one_line_and_a_failure(tmp_path: Path) -> None:
    done = manage(tmp_path, "migrate")

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("manage.py: no app is current: set APP_NAME")


def test_a_folder_that_is_not_there_yet_is_made_with_a_secret_key_given_too(tmp_path: Path) -> None:
    folder = str(tmp_path / "new")

    done = manage(tmp_path, "migrate", "jobs", APP_NAME="amal", SECRET_KEY="a-secret", DATA_DIR=folder)

    assert (done.returncode, done.stderr) == (0, "")
