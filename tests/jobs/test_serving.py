"""`serve` keeps a jobs worker going."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from alphazed.management.commands.serve import LONGEST_PAUSE_S, JobsWorker
from alphazed.settings.env import ROOT
from tests.jobs.workers import wait_until


@pytest.fixture
def server(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """`manage.py serve`, for the smallest of the apps."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(tmp_path), "APP_NAME": "qais", "PORT": str(port)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    yield process
    process.terminate()
    process.wait(timeout=30)


def find_jobs_worker(server: "subprocess.Popen[bytes]") -> int | None:
    """Return the process id of a server's jobs worker, or None while there is none."""
    command = ["pgrep", "--parent", str(server.pid), "--full", "jobs_worker"]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    return int(found[0]) if found else None


def test_a_jobs_worker_that_was_killed_is_started_again(server: "subprocess.Popen[bytes]", tmp_path: Path) -> None:
    wait_until(lambda: find_jobs_worker(server) is not None)
    killed = find_jobs_worker(server)
    assert killed is not None

    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: find_jobs_worker(server) not in {None, killed})

    assert "the jobs worker has ended; it starts again in 1 s" in (tmp_path / "log").read_text("utf-8")
    assert server.poll() is None


def next_start(worker: JobsWorker, now: float) -> float:
    """Let the worker end and look after it each second; return the second in which it was started again."""
    ended = worker.process
    ended.wait()
    while worker.process is ended:
        worker.look_after(now)
        now += 1
    return now - 1


def test_a_jobs_worker_that_ends_at_once_is_started_less_and_less_often() -> None:
    worker, starts = JobsWorker([sys.executable, "-c", ""], now=0), [0.0]

    for _ in range(9):
        starts.append(next_start(worker, starts[-1]))
    worker.process.wait()

    assert [later - earlier for earlier, later in pairwise(starts)] == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_a_jobs_worker_that_has_lasted_is_started_again_soon() -> None:
    worker, started = JobsWorker([sys.executable, "-c", ""], now=0), 0.0
    for _ in range(6):
        started = next_start(worker, started)
    ended = started + LONGEST_PAUSE_S + 1

    assert next_start(worker, ended) == ended + 1
    worker.process.wait()
