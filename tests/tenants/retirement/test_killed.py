"""A retirement, or the way back, that is killed (-9) at any moment: the next run finishes it, and nothing is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.killing import NOTHING, Installation, State, installed, kill_when

pytestmark = pytest.mark.database

LAUNCH = ("launch_app", "lunar", "--title", "Lunar", "--languages", "ar,en", "--editor", "editor@lunar.example")
RETIRE = ("retire_app", "lunar", "--yes-i-mean", "lunar")
JOURNAL = "lunar_unfinished_work"
#: Right before what a retirement is killed while the app is still there, in the order in which it comes to that.
BEFORE_IT_DROPS = {
    "the export is begun": r"open .*\.lunar\.export",
    "rows are read": r"SELECT .*lunar_concepts",
    "the export gets its name": r"os\.rename .*\.lunar\.export",
    "the entry in the journal": r"INSERT INTO .lunar_unfinished_work",
    "the file": r"os\.remove .*lunar\.toml",
}
#: And once nobody is served from it any more.
WHILE_IT_DROPS = {
    "the first table": r"DROP TABLE",
    "a table in the middle": r"DROP TABLE .*lunar_concepts",
    "the first file": r"os\.remove .*media/lunar",
    "the folder": r"os\.rmdir .*media/lunar'",
    "the journal": r"DROP TABLE .*lunar_unfinished_work",
}
#: Right before what a restoration is killed.
ON_THE_WAY_BACK = {
    "the first table": r"CREATE TABLE .lunar_unfinished_work",
    "a table in the middle": r"CREATE TABLE .lunar_concepts",
    "the rows": r"INSERT INTO .lunar_content_bytes",
    "a file": r"os\.link .*media/lunar|open .*media/lunar/",
    "its file in the registry": r"os\.link .*lunar\.toml",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("killed"), settings.DATABASES["default"]) as ours:
        yield ours


@pytest.fixture(scope="module")
def whole(installation: Installation) -> State:
    """What there is of the app before anybody retires it."""
    installation.succeed(*LAUNCH)
    return installation.state_of("lunar")


@pytest.fixture(scope="module")
def kept(installation: Installation, whole: State, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of a retirement that nobody disturbed."""
    path = tmp_path_factory.mktemp("kept") / "lunar.zip"
    installation.succeed(*RETIRE, "--output", path)
    assert installation.state_of("lunar") == NOTHING
    return path


@pytest.fixture
def lunar(installation: Installation, whole: State, kept: Path) -> State:
    """The app, put back from that export."""
    installation.forget("lunar")
    installation.succeed("retire_app", "--restore", kept)
    assert installation.state_of("lunar") == whole
    return whole


def without_journal(state: State) -> State:
    return state._replace(tables={name: table for name, table in state.tables.items() if name != JOURNAL})


def test_killed_before_it_drops_anything_the_app_is_as_it_was(
    installation: Installation, lunar: State, tmp_path: Path
) -> None:
    for number, moment in enumerate(BEFORE_IT_DROPS.values()):
        installation.die(moment, *RETIRE, "--output", tmp_path / f"{number}.zip")

        assert without_journal(installation.state_of("lunar")) == without_journal(lunar), moment
        assert installation.manage("for_apps", "--app", "lunar", "check").returncode == 0, moment

    last = tmp_path / "last.zip"
    installation.succeed(*RETIRE, "--output", last)
    assert installation.state_of("lunar") == NOTHING
    assert list(tmp_path.glob(".*")) == []
    installation.succeed("retire_app", "--restore", last)
    assert installation.state_of("lunar") == lunar


def test_killed_while_it_drops_nobody_is_served_and_the_next_run_drops_the_rest(
    installation: Installation, lunar: State, tmp_path: Path
) -> None:
    export = tmp_path / "lunar.zip"
    for moment in WHILE_IT_DROPS.values():
        installation.die(moment, *RETIRE, "--output", export)

        assert installation.state_of("lunar").registry == {}, moment
        assert installation.state_of("lunar") != NOTHING, moment

    said = installation.succeed(*RETIRE)
    assert said == f"lunar: retired; an earlier run left 0 tables to drop, its export is {export}\n"
    assert installation.state_of("lunar") == NOTHING
    installation.succeed("retire_app", "--restore", export)
    assert installation.state_of("lunar") == lunar


def test_killed_from_outside_once_it_has_no_file_the_next_run_drops_the_rest(
    installation: Installation, lunar: State, tmp_path: Path
) -> None:
    file = installation.registry / "lunar.toml"
    process = installation.start(*RETIRE, "--output", tmp_path / "lunar.zip")

    kill_when(process, lambda: not file.exists())

    installation.manage(*RETIRE)  # says so, should nothing have been left
    assert installation.state_of("lunar") == NOTHING


def test_half_dropped_it_wants_its_export_before_it_goes_on(
    installation: Installation, lunar: State, tmp_path: Path
) -> None:
    export, elsewhere = tmp_path / "lunar.zip", tmp_path / "elsewhere.zip"
    installation.die(WHILE_IT_DROPS["a table in the middle"], *RETIRE, "--output", export)
    left = installation.state_of("lunar")

    export.rename(elsewhere)
    gone = installation.manage(*RETIRE)
    export.write_bytes(elsewhere.read_bytes()[:-1])
    changed = installation.manage(*RETIRE)

    assert f"its export {export} cannot be used (No such file or directory); put it back there" in gone.stderr
    assert f"its export {export} cannot be used (it has been changed); put it back there" in changed.stderr
    assert (gone.returncode, changed.returncode) == (1, 1)
    assert installation.state_of("lunar") == left
    elsewhere.replace(export)
    installation.succeed(*RETIRE)
    assert installation.state_of("lunar") == NOTHING


def test_no_app_is_launched_under_the_name_of_one_that_is_half_dropped(
    installation: Installation, lunar: State, tmp_path: Path
) -> None:
    installation.die(WHILE_IT_DROPS["a table in the middle"], *RETIRE, "--output", tmp_path / "lunar.zip")
    left = installation.state_of("lunar")

    refused = installation.manage(*LAUNCH)

    assert "lunar is being retired: finish that first, with `manage.py retire_app lunar`" in refused.stderr
    assert (refused.returncode, installation.state_of("lunar")) == (1, left)


def test_killed_on_the_way_back_nobody_is_served_and_the_next_run_begins_anew(
    installation: Installation, whole: State, kept: Path
) -> None:
    installation.forget("lunar")
    for moment in ON_THE_WAY_BACK.values():
        installation.die(moment, "retire_app", "--restore", kept)

        assert "lunar.toml" not in installation.state_of("lunar").registry, moment

    installation.succeed("retire_app", "--restore", kept)
    assert installation.state_of("lunar") == whole
