"""A launch that is cut off, at any moment: nobody is served from what it left, and the next launch begins anew."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.killing import NOTHING, Installation, State, installed, kill_when

pytestmark = pytest.mark.database

LUNAR = ("launch_app", "lunar", "--title", "Lunar", "--languages", "ar,en", "--editor", "editor@lunar.example")
#: Right before what a launch is killed, in the order in which it comes to that.
MOMENTS = {
    "the first table": r"CREATE TABLE .lunar_unfinished_work",
    "the entry in the journal": r"INSERT INTO .lunar_unfinished_work",
    "a table in the middle": r"CREATE TABLE .lunar_concepts",
    "the permissions": r"INSERT INTO .lunar_auth_permission",
    "the content": r"INSERT INTO .lunar_content_bytes",
    "a pack": r"os\.rename.*packs",
    "the release": r"INSERT INTO .lunar_releases",
    "the editor": r"INSERT INTO .lunar_users",
    "the file": r"os\.link .*lunar\.toml",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("killed"), settings.DATABASES["default"]) as ours:
        yield ours


@pytest.fixture(scope="module")
def undisturbed(installation: Installation) -> State:
    """What a launch makes that nobody disturbs."""
    installation.forget("lunar")
    installation.succeed(*LUNAR)
    return installation.state_of("lunar")


@pytest.fixture(autouse=True)
def _nothing_is_there(installation: Installation, undisturbed: State) -> None:
    installation.forget("lunar")


def test_after_each_kill_it_begins_anew_and_ends_as_if_there_had_been_none(
    installation: Installation, undisturbed: State
) -> None:
    for moment in MOMENTS.values():
        installation.die(moment, *LUNAR)

        assert "lunar.toml" not in installation.state_of("lunar").registry, moment

    installation.succeed(*LUNAR)
    assert installation.state_of("lunar") == undisturbed


def test_killed_while_it_takes_back_what_another_left_it_begins_anew_too(
    installation: Installation, undisturbed: State
) -> None:
    installation.die(MOMENTS["the editor"], *LUNAR)

    for moment in (r"DROP TABLE .*lunar_content_bytes", r"os\.rmdir", r"DROP TABLE .*lunar_unfinished_work"):
        installation.die(moment, *LUNAR)

    installation.succeed(*LUNAR)
    assert installation.state_of("lunar") == undisturbed


def test_killed_from_outside_among_its_tables_it_begins_anew(installation: Installation, undisturbed: State) -> None:
    process = installation.start(*LUNAR)

    kill_when(process, lambda: len(installation.database.describe("lunar_")) > 5)

    assert NOTHING != installation.state_of("lunar") != undisturbed
    installation.succeed(*LUNAR)
    assert installation.state_of("lunar") == undisturbed


def test_killed_once_it_has_its_file_it_is_launched_and_the_next_run_says_so(
    installation: Installation, undisturbed: State
) -> None:
    installation.die(r"DELETE FROM .lunar_unfinished_work", *LUNAR, nth=2)  # the first ends the migrations

    said = installation.succeed(*LUNAR)

    assert said == "lunar: launched; an earlier run was cut off before it could say so\n"
    assert installation.state_of("lunar") == undisturbed


def test_a_dry_run_tells_of_a_killed_launch_and_nobody_is_served_from_it(installation: Installation) -> None:
    installation.die(MOMENTS["the editor"], *LUNAR)
    left = installation.state_of("lunar")

    said = installation.succeed(*LUNAR, "--dry-run")
    served = installation.manage("for_apps", "--app", "lunar", "check")

    assert f"lunar: an earlier launch was cut off; its {len(left.tables)} tables would be taken back first" in said
    assert "no app is called 'lunar'" in served.stderr
    assert installation.state_of("lunar") == left


def test_what_a_killed_launch_left_can_be_taken_away_without_launching(installation: Installation) -> None:
    installation.die(MOMENTS["the file"], *LUNAR)
    left = len(installation.state_of("lunar").tables) - 1  # the journal is not counted

    said = installation.succeed("retire_app", "lunar")

    assert said == f"lunar: never launched; {left} tables of a launch that was cut off were dropped\n"
    assert installation.state_of("lunar") == NOTHING


@pytest.mark.parametrize("moment", ["a table in the middle", "the content", "the file"])
def test_ctrl_c_takes_everything_back(installation: Installation, moment: str) -> None:
    done = installation.interrupt(MOMENTS[moment], *LUNAR)

    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr.splitlines()[-1] == "CommandError: lunar: stopped; nothing is left of it"
    assert installation.state_of("lunar") == NOTHING


def test_ctrl_c_once_the_app_has_its_file_comes_too_late(installation: Installation, undisturbed: State) -> None:
    done = installation.interrupt(r"DELETE FROM .lunar_unfinished_work", *LUNAR, nth=2)

    assert done.returncode == 0
    assert installation.state_of("lunar") == undisturbed
