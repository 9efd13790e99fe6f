"""Processes and databases that a measurement needs, gone again when it ends."""

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final, Self, cast
from urllib.parse import unquote, urlsplit

import MySQLdb

ROOT: Final = Path(__file__).resolve().parent.parent
MYSQL_SERVER: Final = ROOT / "scripts" / "mysql-server"
#: For a server that waits for no disk: what is measured is not the disk.
WITHOUT_WAITING: Final = (
    "--innodb-flush-log-at-trx-commit=0",
    "--sync-binlog=0",
    "--skip-log-bin",
    "--innodb-doublewrite=0",
    "--innodb-fast-shutdown=2",
    "--innodb-buffer-pool-size=256M",
)
PATIENCE_S: Final = 10


class Partner:
    """A Python of its own that runs one function of this project and is asked in lines of JSON."""

    def __init__(self, function: str, *arguments: str, environment: dict[str, str]) -> None:
        module, _, name = function.partition(":")
        code = f"import sys; from {module} import {name}; {name}(*sys.argv[1:])"
        self._process = subprocess.Popen(  # noqa: S603 - this project's own code
            [sys.executable, "-c", code, *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._questions, self._answers = cast("IO[str]", self._process.stdin), cast("IO[str]", self._process.stdout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End it: it stops when it can be asked no more."""
        try:
            self._process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()

    def ask(self, *question: object) -> Any:  # noqa: ANN401 - anything that JSON holds
        self._questions.write(json.dumps(question) + "\n")
        self._questions.flush()
        return self.listen()

    def listen(self) -> Any:  # noqa: ANN401 - anything that JSON holds
        """Return the next thing it says; where it has died, its own error stands above ours."""
        line = self._answers.readline()
        return json.loads(line) if line else sys.exit("bench: a process it had started is dead")


def environment(folder: Path, database_url: str = "", **more: str) -> dict[str, str]:
    """Return a process's whole environment: nothing that the caller's shell has set reaches a measurement."""
    return {
        "DATABASE_URL": database_url or f"sqlite:///{folder / 'bench.sqlite3'}",
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "alphazed.settings.main",
        "SECRET_KEY": "known to all, and good for nothing",
        **more,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def mysql(server: str | None, *flags: str) -> Iterator[Callable[[str], str]]:
    """Yield a function that makes an empty database and returns its URL.

    On the server given, where all of them are dropped at the end, or on one of the bench's own, which goes as a whole.
    """
    with _run_server(flags) if server is None else nullcontext(server) as address:
        parts = urlsplit(address)
        user, password = unquote(parts.username or "root"), unquote(parts.password or "")
        connection = MySQLdb.connect(host=parts.hostname, port=parts.port or 3306, user=user, password=password)
        made: list[str] = []

        def make(name: str) -> str:
            connection.query(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
            made.append(name)
            return parts._replace(path="/" + name).geturl()

        try:
            yield make
        finally:
            for name in made if server else ():
                connection.query(f"DROP DATABASE {name}")
            connection.close()


@contextmanager
def _run_server(flags: Sequence[str]) -> Iterator[str]:
    with TemporaryDirectory(prefix="alphazed-bench-") as data:
        port = free_port()
        try:
            subprocess.run([MYSQL_SERVER, "start", data, str(port), *flags], check=True)  # noqa: S603 - ours
            yield f"mysql://root@127.0.0.1:{port}"
        finally:
            subprocess.run([MYSQL_SERVER, "stop", data], check=True)  # noqa: S603 - ours
