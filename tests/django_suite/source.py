"""Django's own tests, as they were released with the version that is installed.

A wheel has no tests, so the source distribution is fetched, once, from wherever pip fetches packages.
"""

import fcntl
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

DJANGO = version("django")


class SuiteError(Exception):
    """The suite cannot run; the message is one line and says what to do."""


def default_cache() -> Path:
    """Return the folder that keeps what is fetched once."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"  # noqa: TID251 - the user's place for caches
    return Path(home) / "alphazed"


def find_tests(cache: Path) -> Path:
    """Return the folder of Django's tests, fetching it into the cache when it is not there.

    It appears there whole or not at all: archive and folder are made beside it and then renamed.
    """
    whole = cache / f"django-{DJANGO}"
    with _one_at_a_time(cache):
        if not whole.exists():
            with TemporaryDirectory(prefix=f"{whole.name}.", dir=cache) as scratch:
                unpack(_download(Path(scratch)), Path(scratch)).rename(whole)
    return whole / "tests"


@contextmanager
def _one_at_a_time(cache: Path) -> Iterator[None]:
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"django-{DJANGO}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _download(folder: Path) -> Path:
    sys.stderr.write(f"django-suite: fetching the tests of Django {DJANGO}, once\n")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    wanted = ["--no-deps", "--no-binary", "django", "--dest", str(folder), f"django=={DJANGO}"]
    done = subprocess.run([*pip, *wanted], capture_output=True, text=True, check=False)
    archive = next(folder.glob("*.tar.gz"), None)
    if done.returncode or archive is None:
        said = done.stderr.strip().split("\n")[-1] or "nothing"
        raise SuiteError(f"the source of Django {DJANGO} could not be fetched (pip: {said}); is there a network?")
    return archive


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack a source distribution and return the one folder in it."""
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise SuiteError(f"{archive.name} cannot be unpacked ({error}); try again") from error
    return next(path for path in folder.iterdir() if path.is_dir())
