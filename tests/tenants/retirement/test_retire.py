"""An app is exported to the last row, and then nothing is left of it."""

import stat
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from content.models import SeasonOffset
from tenants import current, grants, journal
from tenants.exports.files import has_files
from tenants.journal import Work
from tenants.registry.app import App
from tenants.registry.catalogue import forget, list_apps, stand_in
from tenants.retirement.retiring import WrittenMeanwhile
from tenants.retirement.retiring import retire as retire_current
from tests.registries import list_tables
from tests.tenants.retirement.lunar import read_files, read_rows, retire

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def is_as_it_was(app: App, rows: object, output: Path) -> bool:
    with current.use(app):
        unfinished = journal.list_unfinished()
    return read_rows(app) == rows and "lunar" in list_apps() and not unfinished and not output.exists()


def test_nothing_is_left_of_it(lunar: App, output: Path, registry: Path) -> None:
    retire(output)

    with current.use(stand_in("lunar")):
        assert (list_tables("lunar"), has_files()) == ([], False)
    assert [path.name for path in registry.iterdir() if "lunar" in path.name] == []
    assert "lunar" not in list_apps()
    assert Client().get("/app/config", headers={"host": "lunar.localhost"}).status_code == 404


def test_the_other_apps_stay_as_they_are(lunar: App, amal: App, thurayya: App, output: Path) -> None:
    before = [read_rows(amal), read_rows(thurayya), read_files(amal), read_files(thurayya)]

    retire(output)

    assert [read_rows(amal), read_rows(thurayya), read_files(amal), read_files(thurayya)] == before


def test_it_reports_in_one_line(lunar: App, output: Path) -> None:
    rows = sum(len(rows) for table, rows in read_rows(lunar).items() if table != "lunar_unfinished_work")
    files, tables = len(read_files(lunar)), len(list_tables("lunar")) - 1

    said = retire(output).splitlines()[0]

    assert said.startswith(f"lunar: retired; {rows} rows and {files} files in {output} (")
    assert said.endswith(f"), {tables} tables dropped")


def test_nobody_else_on_the_machine_can_read_the_export(lunar: App, output: Path) -> None:
    retire(output)

    assert stat.S_IMODE(output.stat().st_mode) == 0o600


def test_without_a_name_the_export_lies_beside_the_data(lunar: App) -> None:
    call_command("retire_app", "lunar", "--yes-i-mean", "lunar", stdout=StringIO())

    folder = settings.ENV.data_dir / "retired"
    [export] = folder.iterdir()
    assert export.match("lunar-20??????T??????Z.zip")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_its_mysql_account_goes_with_it(lunar: App, output: Path) -> None:
    if connection.vendor != "mysql":
        pytest.skip("SQLite has no accounts")
    with current.use(lunar):
        grants.create_account()
        grants.grant_tables()

    retire(output)

    with current.use(lunar):
        assert not grants.are_used()


def test_a_dry_run_says_what_would_go_and_changes_nothing(lunar: App, output: Path) -> None:
    rows, out = read_rows(lunar), StringIO()

    call_command("retire_app", "lunar", "--output", str(output), "--dry-run", stdout=out)

    assert out.getvalue() == (
        f"lunar: {len(rows)} tables and {len(read_files(lunar))} files would go into {output}, and then away\n"
    )
    assert is_as_it_was(lunar, rows, output)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--yes-i-mean", "amal"], "'amal' is not 'lunar'; nothing was done"),
        ([], "nobody can be asked here whether lunar is meant; in a script say --yes-i-mean lunar"),
    ],
)
def test_it_wants_the_name_a_second_time(lunar: App, output: Path, options: list[str], said: str) -> None:
    rows = read_rows(lunar)

    with pytest.raises(CommandError, match=said):
        call_command("retire_app", "lunar", "--output", str(output), *options, stdout=StringIO())

    assert is_as_it_was(lunar, rows, output)


def test_an_unknown_app_is_refused_with_those_there_are(db: None) -> None:
    for name in ("nobody", "No-Body"):
        with pytest.raises(CommandError, match=f"no app is called '{name}'; there are amal, kidelite"):
            call_command("retire_app", name)


def test_the_family_of_others_is_refused(db: None, registry: Path) -> None:
    (registry / "qaisbeta.toml").write_text('family = "qais"\n', "utf-8")
    forget()

    with pytest.raises(CommandError, match="qais is the family of qaisbeta; give them another, or retire them first"):
        call_command("retire_app", "qais", "--yes-i-mean", "qais")


def test_a_process_that_serves_another_app_alone_retires_none(
    lunar: App, amal: App, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = read_rows(lunar)
    monkeypatch.setattr(current, "_pinned", amal)

    with pytest.raises(CommandError, match="APP_NAME pins this process to amal: unset it"):
        retire(output)

    assert is_as_it_was(lunar, rows, output)


def test_it_does_not_write_over_a_file(lunar: App, output: Path) -> None:
    output.write_bytes(b"mine")

    with pytest.raises(CommandError, match="is there already; name another with --output"):
        retire(output)

    assert output.read_bytes() == b"mine"


def test_where_the_export_cannot_be_written_the_app_stays(lunar: App, tmp_path: Path) -> None:
    rows, output = read_rows(lunar), tmp_path / "file" / "lunar.zip"
    output.parent.touch()

    with pytest.raises(CommandError, match=r"lunar\.zip cannot be written .*; name another with --output"):
        retire(output)

    assert is_as_it_was(lunar, rows, output)


def test_an_app_whose_migration_was_cut_off_has_to_be_migrated_first(lunar: App, output: Path) -> None:
    with current.use(lunar):
        journal.begin(Work.MIGRATE)

    with pytest.raises(
        CommandError, match=r"a migration of lunar was cut off; finish it first, with `manage\.py migrate"
    ):
        retire(output)

    assert "lunar" in list_apps()


def test_an_app_that_is_written_to_meanwhile_is_not_dropped(lunar: App, output: Path) -> None:
    """What a child does between the export and the drop would be in neither."""

    def write_late(step: str, done: int, total: int) -> None:
        if (step, done) == ("verified", total):
            SeasonOffset.objects.create(country="XX", days=1)

    with (
        current.use(lunar),
        pytest.raises(WrittenMeanwhile, match=r"while it was exported \(season_offsets\); nothing"),
    ):
        retire_current(output, now=NOW, progress=write_late)

    rows = read_rows(lunar)
    assert len(rows["lunar_season_offsets"]) == 2
    assert is_as_it_was(lunar, rows, output)


def test_a_run_that_is_stopped_while_it_exports_changes_nothing(lunar: App, output: Path) -> None:
    rows = read_rows(lunar)

    def stop(step: str, *_: int) -> None:
        if step == "files":
            raise KeyboardInterrupt

    with current.use(lunar), pytest.raises(KeyboardInterrupt):
        retire_current(output, now=NOW, progress=stop)

    assert is_as_it_was(lunar, rows, output)
    assert [path.name for path in output.parent.iterdir() if path.is_file()] == []
