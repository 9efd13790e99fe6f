"""What cannot become an app is refused before anything is made; what is somebody's stays."""

from dataclasses import replace
from errno import EROFS
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import connection

from alphazed.settings.env import Infra
from tenants import current, grants, journal
from tenants.journal import Work
from tenants.registry import writer
from tenants.registry.app import App
from tenants.registry.catalogue import stand_in
from tests.alphazed.launching.lunar import PLAIN, is_there, launch
from tests.registries import list_tables


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Lunar", "name: must match"),
        ("my_lunar", "name: must match"),
        ("1lunar", "name: must match"),
        ("l" * 16, "name: must match"),
        ("../lunar", "name: must match"),
        ("sqlite", "name: is reserved; choose another"),
        ("default", "name: is reserved; choose another"),
        ("amal", "amal is an app already; choose another name"),
    ],
)
def test_a_name_that_cannot_be_is_refused(db: None, registry: Path, name: str, said: str) -> None:
    files = {path: path.read_bytes() for path in registry.iterdir()}

    with pytest.raises(CommandError, match=rf"{said}.*; nothing was made$"):
        launch(name=name)

    assert {path: path.read_bytes() for path in registry.iterdir()} == files


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--languages", "ar,xx"], "--languages: 'xx' is no language"),
        (["--languages", ""], "--languages: '' is no language"),
        (["--languages", "ar,ar"], "languages: holds a value twice"),
        (["--languages", "fr"], "there are texts in ar, en only, not in fr"),
        (["--title", "fr=Lune"], "the app has no language 'fr'; add it to --languages"),
        (["--title", "ar="], "title: needs a text for each of the app's languages"),
        (["--family", "sun"], "family: there is no sun.toml; there are amal, "),
        (["--curriculum", "astronomy"], "there is no curriculum 'astronomy'; there are arabic, numbers, quran"),
        (["--bundle", "/nowhere.zip"], "/nowhere.zip cannot be read"),
        (["--host", "amal.localhost"], "hosts: amal.localhost belongs to amal already"),
        (["--host", "https://lunar.example/"], "hosts: must be bare names"),
        (["--host", "lunar.example:80"], "hosts: must be bare names"),
        (["--primary", "teal"], "theme.primary: must look like #1f6feb"),
        (["--emoji", "\x7f"], "lunar.toml: syntax"),
        (["--editor", "nobody"], "--editor: 'nobody' is no e-mail address"),
        (["--bundle", "a.zip", "--curriculum", "numbers"], "not allowed with argument"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused_before_anything_is_made(db: None, options: list[str], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        launch(*PLAIN, *options)

    assert said in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert not is_there()


def test_on_aws_an_editor_has_to_be_named(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, infra=Infra.AWS))

    with pytest.raises(CommandError, match="--editor: name who signs in at /boss"):
        launch()


def test_a_process_that_serves_another_app_alone_launches_none(
    db: None, amal: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(current, "_pinned", amal)

    with pytest.raises(CommandError, match="APP_NAME pins this process to amal: unset it"):
        launch()


def test_where_the_registry_cannot_be_written_nothing_is_made(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise OSError(EROFS, "Read-only file system")

    # Stands for a deployed package: the superuser that tests may run as writes everywhere else.
    monkeypatch.setattr(writer, "TemporaryFile", refuse)

    with pytest.raises(CommandError, match=r"cannot be written \(Read-only file system\); run this in a checkout"):
        launch()

    assert not is_there()


def test_tables_without_a_file_are_somebodys_and_stay(empty: None) -> None:
    with current.use(stand_in("lunar")), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE {app}notes (note varchar(9))")

    with pytest.raises(CommandError, match="lunar has 1 tables and no file in the registry: somebody's data"):
        launch()

    assert list_tables("lunar") == ["notes"]


def test_files_without_a_file_in_the_registry_are_somebodys_and_stay(empty: None) -> None:
    with current.use(stand_in("lunar")):
        default_storage.save("note", ContentFile(b"mine"))

    with pytest.raises(CommandError, match="lunar has files in the media folder and no file in the registry"):
        launch()

    with current.use(stand_in("lunar")):
        assert default_storage.exists("note")


def test_an_account_of_its_name_is_somebodys_and_stays(empty: None) -> None:
    if connection.vendor != "mysql":
        pytest.skip("SQLite has no accounts")
    with current.use(stand_in("lunar")):
        grants.create_account()

    with pytest.raises(CommandError, match="lunar has a MySQL account already"):
        launch()

    with current.use(stand_in("lunar")):
        assert grants.are_used()


def test_an_app_that_is_being_retired_has_to_be_gone_first(empty: None) -> None:
    with current.use(stand_in("lunar")):
        journal.begin(Work.RETIRE)

    with pytest.raises(
        CommandError, match=r"lunar is being retired: finish that first, with `manage\.py retire_app lunar`"
    ):
        launch()


def test_a_file_that_is_no_bundle_is_refused_before_anything_is_made(db: None, tmp_path: Path) -> None:
    path = tmp_path / "numbers.zip"
    path.write_bytes(b"no bundle")

    with pytest.raises(CommandError, match=r"numbers\.zip is not a bundle"):
        launch(*PLAIN, "--bundle", str(path))

    assert not is_there()
