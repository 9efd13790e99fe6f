"""A process that is killed leaves nothing half done, at whatever moment it happens."""

import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings

from content.bundles.archive import write_archive
from content.bundles.contents import Source, describe, list_members
from content.curricula.blueprint import Asset, Curriculum, StoredFile, content_byte
from tests.curricula import small_curriculum
from tests.installations import APP, TABLES, Installation, installing, kill, stop_when

pytestmark = pytest.mark.database

CONCEPTS = 400
SOUNDS = 100
SOUND_BYTES = 100_000
NOTHING = dict.fromkeys(TABLES, 0)
EVERYTHING = {
    "licences": 1,
    "assets": SOUNDS,
    "units": 2,
    "concepts": CONCEPTS,
    "prerequisites": CONCEPTS - 1,
    "content_bytes": 3 * CONCEPTS,
    "content_byte_assets": SOUNDS,
    "jobs": 1,
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course whose first numbers have sounds, large enough to be killed in the middle of."""
    files = {sha256(data).hexdigest(): data for data in (b"", *map(random.randbytes, [SOUND_BYTES] * (SOUNDS - 1)))}
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
    with installing(tmp_path_factory.mktemp("installation")) as installation:
        yield installation


@pytest.fixture(autouse=True)
def _emptied(installation: Installation) -> None:
    installation.empty()


def count_files(installation: Installation) -> int:
    """Count an installation's sounds, each of which must be what its name says."""
    files = [path for path in installation.folder.glob(f"media/{APP}/assets/??/*") if not path.name.startswith(".")]
    assert all(sha256(path.read_bytes()).hexdigest() == path.name for path in files)
    return len(files)


def test_an_import_that_is_killed_between_two_files_leaves_whole_files_and_no_rows(
    installation: Installation, bundle: Path
) -> None:
    process = installation.start("copy_content", "import", APP, bundle)
    stop_when(process, lambda: len(list(installation.folder.glob(f"media/{APP}/assets/??/*"))) >= SOUNDS // 3)

    assert kill(process) == -9
    assert installation.count() == NOTHING
    assert 0 < count_files(installation) < SOUNDS

    installation.run("copy_content", "import", APP, bundle)
    assert installation.count() == EVERYTHING
    assert count_files(installation) == SOUNDS


def test_an_import_that_is_killed_among_its_rows_leaves_none_of_them(installation: Installation, bundle: Path) -> None:
    process = installation.start("copy_content", "import", APP, bundle)
    stop_when(process, installation.is_written)
    process.send_signal(signal.SIGCONT)
    # Some more of them, of which each is lost: all are one transaction.
    time.sleep(0.03)
    stop_when(process, installation.is_written)

    assert kill(process) == -9
    assert installation.count() == NOTHING

    installation.run("copy_content", "import", APP, bundle)
    assert installation.count() == EVERYTHING


def test_an_import_that_is_killed_at_any_moment_leaves_all_or_nothing(installation: Installation, bundle: Path) -> None:
    for _ in range(4):
        process = installation.start("copy_content", "import", APP, bundle)
        stop_when(process, installation.is_written)
        process.send_signal(signal.SIGCONT)
        time.sleep(random.uniform(0, 0.4))

        ended = kill(process)

        found = installation.count()
        assert (ended, found) in ((-9, NOTHING), (-9, EVERYTHING), (0, EVERYTHING))
        installation.empty()


def test_an_export_that_is_killed_leaves_no_file_of_that_name(installation: Installation, bundle: Path) -> None:
    installation.run("copy_content", "import", APP, bundle)
    output = installation.folder / "spoken.zip"
    silence = sha256(b"").hexdigest()
    file = installation.folder / f"media/{APP}/assets/{silence[:2]}/{silence}"
    with _waiting_in_the_middle(file):
        process = installation.start("copy_content", "export", APP, "--output", output)
        stop_when(process, lambda: any(path.stat().st_size for path in installation.folder.glob(".spoken.zip.*")))

        assert kill(process) == -9
    assert not output.exists()

    installation.run("copy_content", "export", APP, "--output", output)
    assert output.stat().st_size > (SOUNDS - 1) * SOUND_BYTES


@contextmanager
def _waiting_in_the_middle(file: Path) -> Iterator[None]:
    """Put a pipe that nobody writes to in the place of an empty file: whoever reads it waits there."""
    file.unlink()
    os.mkfifo(file)
    try:
        yield
    finally:
        file.unlink()
        file.touch()
