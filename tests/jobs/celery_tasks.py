"""Tasks for a worker in a process of its own; each writes down where it found itself."""

import time
from pathlib import Path

from celery import shared_task

from tenants import current
from thin import origin


@shared_task(name="tests.processes.note")  # type: ignore[untyped-decorator]
def note(path: str, word: str) -> None:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(f"{current.get().name} {origin.request_id.get()} {word}\n")


@shared_task(name="tests.processes.hang", time_limit=1)  # type: ignore[untyped-decorator]
def hang() -> None:
    time.sleep(600)
