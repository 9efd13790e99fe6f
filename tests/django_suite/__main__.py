"""Run Django's own tests on our engines under a prefix and on the stock ones, and compare."""

import argparse
import os
import signal
import sys
from pathlib import Path
from time import perf_counter

from tests.django_suite import report
from tests.django_suite.catalogue import read_differences, read_labels
from tests.django_suite.engines import DATABASES
from tests.django_suite.runs import Plan
from tests.django_suite.source import SuiteError, default_cache, find_tests
from tests.django_suite.verdict import decide


def main() -> int:
    """Return 0 where what differs is what is listed, 1 where it is not, 2 where the suite could not run."""
    # Stopped in any way, a run takes its processes and its server with it.
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    arguments = _parse()
    try:
        tests = find_tests(default_cache())
        _refuse_unknown(arguments.labels, tests)
        results = {name: _compare_on(name, tests, arguments) for name in arguments.engine or DATABASES}
    except SuiteError as error:
        sys.stderr.write(f"django-suite: {error}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    report.say_figures(results)
    return 1 if any(result["complaints"] for result in results.values()) else 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="django-suite", description=__doc__)
    parser.add_argument("labels", nargs="*", metavar="LABEL", help="folders of Django's tests; default: those listed")
    parser.add_argument("--engine", action="append", choices=list(DATABASES), help="default: all, one after another")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes at a time; default: one per core")
    return parser.parse_args()


def _refuse_unknown(labels: list[str], tests: Path) -> None:
    for label in labels:
        if not (tests / label / "__init__.py").is_file():
            raise SuiteError(f"Django's tests have no label {label!r}; see the folders in {tests}")


def _compare_on(name: str, tests: Path, arguments: argparse.Namespace) -> dict[str, object]:
    begun = perf_counter()
    labels = arguments.labels or read_labels()
    with DATABASES[name]() as database:
        report.say_title(database, len(labels))
        plan = Plan(tests, database, read_differences(name), arguments.jobs)
        verdict = decide(plan, labels, lambda comparison: report.say_row(comparison.label, comparison.figures()))
    seconds = perf_counter() - begun
    report.say_end(verdict, seconds)
    return report.as_figures(database, verdict, seconds)


if __name__ == "__main__":
    raise SystemExit(main())
