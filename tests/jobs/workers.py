"""Celery workers of a test's own, with the project's application class, and brokers for them."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from celery import Celery
from celery.app.trace import reset_worker_optimizations
from celery.contrib.testing.worker import start_worker

from alphazed.celery import AppCelery
from alphazed.celery import app as projects_app

THREADS = 4
PATIENCE_S = 30


def make_celery() -> Celery:
    """Make an application as the project's, on a broker of this process."""
    app = AppCelery("tests", broker="memory://localhost", backend="cache+memory://", set_as_current=False)
    app.conf.update(
        task_serializer="json",
        accept_content=["json"],
        result_expires=None,
        broker_transport_options={"polling_interval": 0.01},
    )
    return app


@contextmanager
def working(app: Celery) -> Iterator[None]:
    """Run a worker of four threads; afterwards nothing of it is the default, and nothing is left unread."""
    try:
        with start_worker(app, concurrency=THREADS, pool="threads", perform_ping_check=False):
            yield
    finally:
        app.control.purge()
        reset_worker_optimizations(app)
        projects_app.set_default()
        projects_app.set_current()


@contextmanager
def run_redis(folder: Path) -> Iterator[str]:
    """Run a Redis behind a socket in a folder, and yield its address as a broker's."""
    server, socket = shutil.which("redis-server"), folder / "redis.sock"
    assert server, "redis-server is not installed; `make test` installs it"
    command = [server, "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        wait_until(socket.exists)
        yield f"redis+socket://{socket}"
        process.terminate()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return as soon as something is so, which must happen."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
