"""A migration that is killed (-9) at any moment is finished by the next run, on both databases."""

from collections.abc import Iterator

import pytest
from django.conf import settings

from tests.killing import Installation, State, installed, kill_when

MOMENTS = [
    ("CREATE TABLE .*unfinished_work", 1),
    ("CREATE TABLE .*django_migrations", 1),
    ("RENAME|DROP TABLE .*new__|ALTER TABLE .* MODIFY", 1),
    ("CREATE TABLE .*users", 1),
    ("ADD CONSTRAINT|CREATE (UNIQUE )?INDEX", 4),
    ("INSERT INTO .*django_migrations", 1),
    ("INSERT INTO .*django_migrations", 12),
    ("INSERT INTO .*auth_permission", 1),
    ("DELETE FROM .*unfinished_work", 1),
]


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: object
) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("killed"), settings.DATABASES["default"]) as place:
        yield place


@pytest.fixture(scope="module")
def undisturbed(installation: Installation) -> State:
    """What a run leaves that nobody disturbs."""
    installation.succeed("migrate_apps", "--app", "amal")
    state = installation.state_of("amal")
    installation.database.drop("amal_")
    return state


@pytest.fixture(autouse=True)
def _leave_no_tables(installation: Installation, undisturbed: State) -> Iterator[None]:
    yield
    for app in ("amal", "qais"):
        installation.database.drop(f"{app}_")


@pytest.mark.database
@pytest.mark.parametrize(("moment", "nth"), MOMENTS)
def test_the_next_run_finishes(installation: Installation, undisturbed: State, moment: str, nth: int) -> None:
    installation.die(moment, "migrate_apps", "--app", "amal", nth=nth)
    assert installation.state_of("amal") != undisturbed

    installation.succeed("migrate_apps", "--app", "amal")

    assert installation.state_of("amal").tables == undisturbed.tables


@pytest.mark.database
def test_killed_again_and_again_it_still_gets_there(installation: Installation, undisturbed: State) -> None:
    for nth in (9, 30, 3):
        installation.die("CREATE|ALTER|INSERT", "migrate_apps", "--app", "amal", nth=nth)

    installation.succeed("migrate_apps", "--app", "amal")

    assert installation.state_of("amal").tables == undisturbed.tables


@pytest.mark.database
def test_killed_from_outside_among_several_apps_each_is_finished(
    installation: Installation, undisturbed: State
) -> None:
    running = installation.start("migrate_apps", "--app", "amal,qais")
    kill_when(running, lambda: "amal_users" in installation.database.describe("amal_"))

    installation.succeed("migrate_apps", "--app", "amal,qais")

    amal, qais = (installation.state_of(app).tables for app in ("amal", "qais"))
    assert amal == undisturbed.tables
    assert {name.removeprefix("qais_") for name in qais} == {name.removeprefix("amal_") for name in undisturbed.tables}


@pytest.mark.database
def test_one_that_works_is_not_disturbed_by_another_that_comes_along(
    installation: Installation, undisturbed: State
) -> None:
    first = installation.start("migrate_apps", "--app", "amal")

    second = installation.manage("migrate_apps", "--app", "amal")

    first.communicate(timeout=60)
    finished = installation.state_of("amal")
    assert (first.returncode, second.returncode) == (0, 0), second.stderr
    assert finished.tables == undisturbed.tables
