"""Bars that show how far a command has come, one for each thing it works on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, cast

from django.core.management.base import OutputWrapper
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn


@contextmanager
def progress_bars(
    out: OutputWrapper, *, is_shown: bool = True
) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
    """Give a function that adds a bar by its name and returns what moves it: `move(done, total)`.

    On anything but a terminal nothing is drawn, so that a log holds the report's lines only.
    """
    columns = (TextColumn("{task.description:>20}"), BarColumn(), MofNCompleteColumn())
    console = Console(file=cast("IO[str]", out))
    with Progress(*columns, console=console, transient=True, disable=not (is_shown and out.isatty())) as progress:

        def add_bar(name: str) -> Callable[[int, int], None]:
            bar = progress.add_task(name, total=None)
            return lambda done, total: progress.update(bar, completed=done, total=total)

        yield add_bar
