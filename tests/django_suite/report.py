"""What a person sees of a comparison: a table that grows while the tests run, and what is wrong."""

import json
import platform
import sys

from tests.django_suite.engines import Database
from tests.django_suite.source import DJANGO
from tests.django_suite.verdict import Verdict

HEADINGS = {
    "tests": "tests",
    "skipped": "skipped",
    "stock_failures": "stock failures",
    "our_failures": "our failures",
    "differences": "differences",
}


def say(line: str = "") -> None:
    """Print a line at once, so that progress is seen through a pipe too."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def say_title(database: Database, labels: int) -> None:
    """Print the versions and the head of the table."""
    python = platform.python_version()
    say(f"\n{database.version} · Django {DJANGO} · Python {python} · {labels} labels on the stock engine and on ours\n")
    say(f"{'':34}" + "".join(f"{heading:>16}" for heading in HEADINGS.values()))


def say_row(name: str, counts: dict[str, int]) -> None:
    """Print one row of the table."""
    say(f"{name:34}" + "".join(f"{counts[key]:>16,}" for key in HEADINGS))


def say_end(verdict: Verdict, seconds: float) -> None:
    """Print the total, what passes on our engine only, and what makes the comparison red."""
    say_row(f"total, in {seconds:.0f} s", total(verdict))
    for test in list_better(verdict):
        say(f"  passes on ours only: {test}")
    for complaint in verdict.unsteady:
        say(f"  the first time only, {complaint.kind}: {complaint.test}\n    {complaint.text}")
    for complaint in verdict.complaints:
        say(f"  {complaint.kind}: {complaint.test}\n    {complaint.text}")
    if verdict.complaints:
        say("Mend the engine; or, where the test itself is the reason, tests/django_suite/differences.toml.")
    else:
        say("What differs is what is known to differ.")


def total(verdict: Verdict) -> dict[str, int]:
    """Return the sums of all rows."""
    return {key: sum(comparison.figures()[key] for comparison in verdict.comparisons) for key in HEADINGS}


def list_better(verdict: Verdict) -> list[str]:
    """Return what passes on our engine only."""
    return [test for comparison in verdict.comparisons for test in comparison.better]


def as_figures(database: Database, verdict: Verdict, seconds: float) -> dict[str, object]:
    """Return what was printed, as data."""
    return {
        "version": database.version,
        "seconds": round(seconds, 1),
        "labels": {comparison.label: comparison.figures() for comparison in verdict.comparisons},
        "total": total(verdict),
        "better": list_better(verdict),
        "unsteady": [complaint._asdict() for complaint in verdict.unsteady],
        "complaints": [complaint._asdict() for complaint in verdict.complaints],
    }


def say_figures(databases: dict[str, dict[str, object]]) -> None:
    """Print everything as one JSON object, the last line."""
    say(json.dumps({"django": DJANGO, "python": platform.python_version(), "databases": databases}))
