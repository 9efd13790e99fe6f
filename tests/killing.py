"""An installation whose processes may be killed: a copy of the source with a database and files of its own."""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from alphazed.settings.env import ROOT
from tests.throwaway import Mysql, Sqlite

ARMED = Path(__file__).with_name("dying.py")
PATIENCE_S = 60

type Done = subprocess.CompletedProcess[str]


class State(NamedTuple):
    """What there is of an app. What is new with every launch (ids given out, passwords, instants) is not in it."""

    tables: dict[str, tuple[str, int]]  # definition and number of rows
    media: dict[str, str]  # SHA-256 by path, and "folder"
    registry: dict[str, str]  # its files there, by name


NOTHING = State({}, {}, {})


class Installation:
    """The rooms copied to a folder, where commands may write their files, and a database that nobody else has."""

    def __init__(self, folder: Path, database: Sqlite | Mysql) -> None:
        self.source, self.data, self.database = folder / "source", folder / "data", database
        for room in (init.parent for init in ROOT.glob("*/__init__.py")):
            # With what is compiled, or the first process would compile all of it; but not while it is being written.
            shutil.copytree(room, self.source / room.name, ignore=shutil.ignore_patterns("*.pyc.*"))
        shutil.copy(ROOT / "manage.py", self.source)
        self.registry = self.source / "tenants" / "registry"

    def manage(self, *arguments: object, **variables: str) -> Done:
        """Run a command to its end."""
        return self._run("manage.py", *arguments, **variables)

    def succeed(self, *arguments: object, **variables: str) -> str:
        """Run a command that must succeed; return what it printed."""
        done = self.manage(*arguments, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def die(self, moment: str, *arguments: object, nth: int = 1) -> None:
        """Run a command that is killed (-9) right before the nth thing it does that matches; see `dying.py`."""
        done = self._run(ARMED, int(signal.SIGKILL), moment, nth, *arguments)
        assert done.returncode == -signal.SIGKILL, f"it never came to {moment}\n{done.stdout}{done.stderr}"

    def interrupt(self, moment: str, *arguments: object, nth: int = 1) -> Done:
        """Run a command to its end and press Ctrl-C right before the nth thing it does that matches."""
        return self._run(ARMED, int(signal.SIGINT), moment, nth, *arguments)

    def start(self, *arguments: object) -> "subprocess.Popen[str]":
        """Start a command and leave it running, for `kill_when`."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=self.source,
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def state_of(self, app: str) -> State:
        """Look at what there is of an app, half made files too."""
        media = self.data / "media" / app
        return State(
            tables=self.database.describe(f"{app}_"),
            media={
                str(path.relative_to(media)): _describe(path) for path in [media, *media.rglob("*")] if path.exists()
            },
            registry={
                path.name: path.read_text("utf-8")
                for path in self.registry.iterdir()
                if path.name.strip(".").split(".")[0] == app
            },
        )

    def forget(self, app: str) -> None:
        """Take an app away by hand, so that the next test begins with nothing."""
        self.database.drop(f"{app}_")
        shutil.rmtree(self.data / "media" / app, ignore_errors=True)
        for name in self.state_of(app).registry:
            (self.registry / name).unlink()

    def _run(self, script: object, *arguments: object, **variables: str) -> Done:
        return subprocess.run(
            [sys.executable, *map(str, (script, *arguments))],
            cwd=self.source,
            env=self._environment() | variables,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "DATA_DIR": str(self.data),
            "DATABASE_URL": self.database.url,
            "BUNDLE_KEY": settings.BUNDLE_KEY,
        }


@contextmanager
def installed(folder: Path, database: Mapping[str, Any]) -> Iterator[Installation]:
    """Set up an installation; its database is on the server of these Django settings, or a file."""
    name = f"killed_{os.getpid()}_{secrets.token_hex(4)}"
    own = Mysql(database, name) if database["ENGINE"].endswith("mysql") else Sqlite(folder / f"{name}.sqlite3")
    try:
        yield Installation(folder, own)
    finally:
        own.remove()


def kill_when(process: "subprocess.Popen[str]", condition: Callable[[], bool]) -> None:
    """Kill a process (-9) from outside as soon as something is so; fail when it ends before that."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert process.poll() is None, f"it ended before that\n{process.communicate()}"
        assert time.monotonic() < deadline, "it never came to that"
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def _describe(path: Path) -> str:
    return "folder" if path.is_dir() else sha256(path.read_bytes()).hexdigest()
