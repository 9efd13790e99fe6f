"""A process that is killed (-9) leaves nothing half done, at whatever moment it happens."""

from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from shutil import rmtree

import pytest
from django.conf import settings

from content.bundles.archive import write_archive
from content.bundles.contents import Source, describe, list_members
from content.curricula.blueprint import Asset, Curriculum, StoredFile, content_byte
from tests.curricula import small_curriculum
from tests.killing import Installation, installed, kill_when

pytestmark = pytest.mark.database

CONCEPTS = 40
SOUNDS = 12
EVERYTHING = {
    "content_byte_assets": SOUNDS,
    "content_bytes": 3 * CONCEPTS,
    "prerequisites": CONCEPTS - 1,
    "concepts": CONCEPTS,
    "units": 2,
    "assets": SOUNDS,
    "licences": 1,
    "jobs": 1,
}
NOTHING = dict.fromkeys(EVERYTHING, 0)
#: Right before what an import is killed, in the order in which it comes to that.
MOMENTS = {
    "the first file": (r"os\.rename .*media/qais", 1),
    "a file in the middle": (r"os\.rename .*media/qais", 6),
    "the first row": (r"INSERT INTO .qais_licences", 1),
    "rows in the middle": (r"INSERT INTO .qais_content_bytes", 1),
    "what joins them": (r"INSERT INTO .qais_content_byte_assets", 1),
    "the promise of a release": (r"INSERT INTO .qais_jobs", 1),
    "the end": (r"^COMMIT$", 1),
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose first numbers have sounds."""
    files = {sha256(data).hexdigest(): data for data in (bytes([number]) * 1000 for number in range(SOUNDS))}
    plain = small_curriculum(CONCEPTS)
    spoken = {
        f"number/{number}#meet": content_byte(f"number/{number}", "meet", {"text": "n", "audio": f"sounds/{number}"})
        for number in range(SOUNDS)
    }
    curriculum = plain._replace(
        assets=tuple(
            Asset(f"sounds/{number}", "audio/ogg", StoredFile(digest, len(data)), "own")
            for number, (digest, data) in enumerate(files.items())
        ),
        bytes=tuple(spoken.get(byte.key, byte) for byte in plain.bytes),
    )
    return _pack(tmp_path_factory.mktemp("bundles") / "spoken.zip", curriculum, files)


def _pack(path: Path, curriculum: Curriculum, files: dict[str, bytes]) -> Path:
    about = describe(Source("amal", "numbers", None, ()), curriculum)
    members = list_members(curriculum, lambda digest: BytesIO(files[digest]))
    with path.open("wb") as file:
        write_archive(file, about=about, members=members, key=settings.BUNDLE_KEY.encode())
    return path


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(tmp_path_factory.mktemp("killed"), settings.DATABASES["default"]) as ours:
        ours.succeed("migrate_apps", "--app", "qais")
        yield ours


@pytest.fixture(autouse=True)
def _emptied(installation: Installation) -> None:
    rmtree(installation.data / "media" / "qais", ignore_errors=True)
    installation.database.run(*(f"DELETE FROM qais_{table}" for table in EVERYTHING))  # noqa: S608 - names above


def count_rows(installation: Installation) -> dict[str, int]:
    tables = installation.state_of("qais").tables
    return {name: tables[f"qais_{name}"][1] for name in EVERYTHING}


def count_files(installation: Installation) -> int:
    """Count the sounds, each of which must be what its name says."""
    media = installation.state_of("qais").media
    files = {Path(path).name: digest for path, digest in media.items() if digest != "folder"}
    whole = {name: digest for name, digest in files.items() if not name.startswith(".")}
    assert all(name == digest for name, digest in whole.items())
    return len(whole)


def test_an_import_that_is_killed_leaves_no_rows_and_the_next_brings_all(
    installation: Installation, bundle: Path
) -> None:
    for name, (moment, nth) in MOMENTS.items():
        installation.die(moment, "copy_content", "import", "qais", bundle, nth=nth)

        assert count_rows(installation) == NOTHING, name
        assert (count_files(installation) == SOUNDS) == ("file" not in name), name

    installation.succeed("copy_content", "import", "qais", bundle)
    assert (count_rows(installation), count_files(installation)) == (EVERYTHING, SOUNDS)


def test_an_import_that_is_killed_from_outside_leaves_all_or_nothing(installation: Installation, bundle: Path) -> None:
    process = installation.start("copy_content", "import", "qais", bundle)

    kill_when(process, (installation.data / "media" / "qais").exists)

    assert count_rows(installation) in (NOTHING, EVERYTHING)
    installation.succeed("copy_content", "import", "qais", bundle)
    assert count_rows(installation) == EVERYTHING


@pytest.mark.parametrize("moment", [r"open .*media/qais", r"os\.(rename|link) .*spoken\.zip"])
def test_an_export_that_is_killed_leaves_no_file_of_that_name(
    installation: Installation, bundle: Path, tmp_path: Path, moment: str
) -> None:
    installation.succeed("copy_content", "import", "qais", bundle)
    output = tmp_path / "spoken.zip"

    installation.die(moment, "copy_content", "export", "qais", "--output", output)
    assert not output.exists()

    installation.succeed("copy_content", "export", "qais", "--output", output)
    assert output.stat().st_size > SOUNDS * 1000
