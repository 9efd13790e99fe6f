"""What is run, and what is known to differ: the two TOML files beside this module."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tests.django_suite.source import SuiteError

LABELS = Path(__file__).with_name("labels.toml")
DIFFERENCES = Path(__file__).with_name("differences.toml")


class Difference(NamedTuple):
    """Why a test that passes on the stock engine does not pass on ours."""

    reason: str  # what the test does
    error: str  # a regular expression for how it ends


def read_labels() -> list[str]:
    """Return the labels that are run."""
    labels: list[str] = _read(LABELS)["run"]
    return labels


def read_left_out() -> dict[str, str]:
    """Return the labels that are not run, and why."""
    return {label: group["reason"] for group in _read(LABELS)["left_out"] for label in group["labels"]}


def read_differences(database: str, path: Path = DIFFERENCES) -> Mapping[str, Difference]:
    """Return what is known to differ on a database, by test; raise `SuiteError` for a list that is wrong."""
    differences: dict[str, Difference] = {}
    for group in _read(path)[database]:
        difference, tests = _read_group(group, path.name)
        for test in tests:
            if test in differences:
                raise SuiteError(f"{path.name} lists {test} twice for {database}; leave one")
            differences[test] = difference
    return differences


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SuiteError(f"{path.name}: {error}") from error


def _read_group(group: dict[str, Any], source: str) -> tuple[Difference, list[str]]:
    if group.keys() != {"reason", "error", "tests"}:
        raise SuiteError(f"{source}: a group has a reason, an error and tests, not {', '.join(sorted(group))}")
    tests = [f"{test_case}.{name}" for test_case, names in group["tests"].items() for name in names]
    return Difference(group["reason"], group["error"]), tests
