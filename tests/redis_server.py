"""A real Redis server for a test."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def run_redis(folder: Path) -> Iterator[str]:
    """Run a server of the test's own behind a socket in its folder, and give its URL."""
    server = shutil.which("redis-server")
    assert server, "redis-server is not installed; `make test` installs it"
    socket = folder / "redis.sock"
    with subprocess.Popen(
        [server, "--port", "0", "--unixsocket", socket, "--save", "", "--dir", folder], stdout=subprocess.DEVNULL
    ) as process:
        while not socket.exists():
            time.sleep(0.01)
        yield f"unix://{socket}"
        process.terminate()
