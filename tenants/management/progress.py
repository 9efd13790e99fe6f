"""Bars on a terminal for work that tells how far it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, cast

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn


@contextmanager
def showing_progress(out: OutputWrapper, *, is_shown: bool = True) -> Iterator[Callable[[str, int, int], None]]:
    """Give a function to call with each step's name, how much of it is done, and how much there is.

    On anything but a terminal nothing is drawn, so that a log holds the report's lines only.
    """
    columns = (TextColumn("{task.description:>20}"), BarColumn(), MofNCompleteColumn())
    console = Console(file=cast("IO[str]", out))
    bars = Progress(*columns, console=console, transient=True, disable=not (is_shown and out.isatty()))
    steps: dict[str, TaskID] = {}

    def show(name: str, done: int, total: int) -> None:
        # Not before there is something to show: work that is refused at once leaves no empty line.
        bars.start()
        if name not in steps:
            steps[name] = bars.add_task(name)
        bars.update(steps[name], completed=done, total=total)

    try:
        yield show
    finally:
        if steps:
            bars.stop()
