"""Apps for `bench.shared_process` to serve: as many as wanted, in a copy of the tree, by a server of its own."""

import json
import subprocess
import sys
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from shutil import copytree, ignore_patterns
from sqlite3 import Connection, connect
from time import perf_counter, sleep
from typing import Any, Final, NamedTuple, Self

from bench.processes import PATIENCE_S, ROOT, environment, free_port

#: Whose tables the others' are copies of, and whose family the made-up ones belong to.
FIRST: Final = "amal"
WSGI: Final = "alphazed.wsgi"
NOT_SERVED: Final = (".*", "var", "tests", "docs", "staticfiles")


class Memory(NamedTuple):
    """What a process holds, in MB; proportional: pages that it shares count by halves, thirds and so on."""

    resident: float
    proportional: float


class Place(NamedTuple):
    """A tree whose registry has these apps, and a folder with their data."""

    apps: list[str]  # the first one has come with its curriculum, the others are copies
    tree: Path
    data: Path


def make_original(folder: Path) -> Path:
    """Migrate the first app and publish its curriculum, by the commands that editors use; return the data's folder."""
    for command in (["migrate_apps", "--app", FIRST], ["import_curriculum", FIRST], ["jobs_worker", "--once"]):
        subprocess.run(  # noqa: S603 - this project's own code
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=environment(folder, APP_NAME=FIRST),
            check=True,
            capture_output=True,
        )
    return folder


def make_place(original: Path, folder: Path, count: int) -> Place:
    """Make a tree and data with so many apps: those of the registry as far as they go, made-up ones after them."""
    tree, data = folder / "tree", folder / "data"
    copytree(ROOT, tree, ignore=ignore_patterns(*NOT_SERVED))
    copytree(original, data)
    registry = tree / "tenants" / "registry"
    there = sorted(path.stem for path in registry.glob("*.toml") if path.stem not in {FIRST, "default"})
    apps = [FIRST, *there, *(f"made{number}" for number in range(count))][:count]
    for name in set(there) - set(apps):
        (registry / f"{name}.toml").unlink()
    for name in apps[len(there) + 1 :]:
        (registry / f"{name}.toml").write_text(f'family = "{FIRST}"\n')
    with closing(connect(data / "bench.sqlite3")) as connection, connection:
        for name in apps[1:]:
            _copy_tables(connection, name)
            copytree(data / "media" / FIRST, data / "media" / name)
    return Place(apps, tree, data)


def _copy_tables(connection: Connection, name: str) -> None:
    """Copy the first app's tables and rows under another's prefix: quicker than migrating, and the same to a reader."""
    prefix = f"{FIRST}_"
    made = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE substr(name, 1, ?) = ? AND sql IS NOT NULL"
        " ORDER BY type = 'index'",
        (len(prefix), prefix),
    )
    for kind, original, sql in made.fetchall():
        connection.execute(sql.replace(f'"{prefix}', f'"{name}_'))
        if kind == "table":
            copy = original.replace(prefix, f"{name}_", 1)
            connection.execute(f'INSERT INTO "{copy}" SELECT * FROM "{original}"')  # noqa: S608 - our own names


class Server:
    """One gunicorn worker with one thread, serving all apps of a place by Host."""

    def __init__(self, place: Place) -> None:
        self._port = free_port()
        self._started = perf_counter()
        self._process = subprocess.Popen(  # noqa: S603 - this project's own code
            [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self._port}", "--log-level=warning", WSGI],
            cwd=place.tree,
            env=environment(place.data),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def wait(self) -> float:
        """Return the seconds from the start to the first answer, which needs no app."""
        while self._process.poll() is None:
            try:
                self.call(FIRST, "/app/health")
            except (OSError, HTTPException):
                sleep(0.002)
            else:
                return perf_counter() - self._started
        sys.exit("bench: the server ended before it had answered")

    def call(self, app: str, path: str, body: Any = None, access: str = "") -> tuple[float, bytes]:  # noqa: ANN401
        """Return how many seconds an answer took, and its body; whatever is not a success ends the bench."""
        headers = {"Host": f"{app}.localhost"} | ({"Authorization": f"Bearer {access}"} if access else {})
        start = perf_counter()
        with closing(HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)) as connection:
            if body is None:
                connection.request("GET", path, headers=headers)
            else:
                headers["Content-Type"] = "application/json"
                connection.request("POST", path, json.dumps(body), headers)
            response = connection.getresponse()
            text = response.read()
        if response.status >= 400:  # noqa: PLR2004 - where HTTP's errors begin
            sys.exit(f"bench: {app} answered {response.status} to {path}: {text[:200]!r}")
        return perf_counter() - start, text

    def memory(self) -> Memory:
        """Return what the worker holds now."""
        master = self._process.pid
        worker = Path(f"/proc/{master}/task/{master}/children").read_text().split()[0]
        lines = Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines()
        sizes = {line.split()[0]: int(line.split()[1]) for line in lines[1:]}
        return Memory(sizes["Rss:"] / 1024, sizes["Pss:"] / 1024)
