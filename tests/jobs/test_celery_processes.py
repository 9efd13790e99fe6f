"""Celery as an operator runs it: `celery -A alphazed worker`, forking, on a real Redis."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from celery import Celery

from alphazed.celery import AppCelery
from alphazed.settings.env import ROOT
from tenants import current
from tests.jobs.celery_tasks import hang, note
from tests.jobs.workers import run_redis, wait_until
from thin import origin


class Running(NamedTuple):
    celery: Celery  # which sends to it
    notes: Path
    log: Path


def start(folder: Path, broker: str, *arguments: str, **variables: str) -> "subprocess.Popen[bytes]":
    """Start `celery -A alphazed …`, which writes its log into the folder."""
    environment = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(folder), "CELERY_BROKER_URL": broker, **variables}
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-m", "celery", "-A", "alphazed", *arguments]
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)


@pytest.fixture(scope="module")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A worker with two processes, and what sends to it."""
    folder = tmp_path_factory.mktemp("worker")
    with run_redis(folder) as broker:
        celery = AppCelery("tests", broker=broker, set_as_current=False)
        process = start(folder, broker, "worker", "--concurrency", "2", "--include", "tests.jobs.celery_tasks")
        yield Running(celery, folder / "notes", folder / "log")
        process.terminate()
        process.wait(timeout=30)
        celery.close()


@pytest.fixture(autouse=True)
def _no_notes(worker: Running) -> None:
    worker.notes.unlink(missing_ok=True)


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


def test_processes_keep_two_apps_apart(worker: Running) -> None:
    expected = []
    for number in range(100):
        app = ("amal", "thurayya")[number % 2]
        with current.use(app), origin.named(f"request-{number}"):
            worker.celery.tasks[note.name].delay(str(worker.notes), str(number))
        expected.append(f"{app} request-{number} {number}")

    wait_until(lambda: len(lines(worker.notes)) == 100)

    assert sorted(lines(worker.notes)) == sorted(expected)


def test_a_task_over_its_time_limit_is_buried_in_its_app(worker: Running) -> None:
    """The task's process is killed, and another one logs that and calls back."""
    last_words = worker.celery.tasks[note.name].si(str(worker.notes), "buried")

    with current.use("thurayya"), origin.named("too-long"):
        worker.celery.tasks[hang.name].apply_async(link_error=last_words)
    wait_until(lambda: bool(lines(worker.notes)))

    assert set(lines(worker.notes)) == {"thurayya too-long buried"}  # Celery may call back twice
    [line] = [line for line in lines(worker.log) if "Hard time limit" in line]
    assert "[thurayya too-long]" in line


def test_every_line_about_a_task_carries_its_app_and_request(worker: Running) -> None:
    with current.use("amal"), origin.named("the-request"):
        task_id = worker.celery.tasks[note.name].delay(str(worker.notes), "a word").id

    def about() -> list[str]:
        return [line for line in lines(worker.log) if task_id in line]

    wait_until(lambda: len(about()) == 2)

    assert "received" in about()[0]
    assert "succeeded" in about()[1]
    assert all("[amal the-request]" in line for line in about())


def test_nothing_runs_for_a_message_that_no_app_has_sent(worker: Running) -> None:
    Celery.send_task(worker.celery, note.name, (str(worker.notes), "a stranger's"))

    wait_until(lambda: any("names no app" in line for line in lines(worker.log)))

    assert lines(worker.notes) == []
