"""Django's test runner, which also writes down how each test ended.

A test with failing subtests has failed, once. What fails outside a test (`setUpClass`) is recorded by its class.
"""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, override
from unittest import TestCase, TextTestResult

from django.conf import settings
from django.test.runner import DiscoverRunner

if TYPE_CHECKING:
    from types import TracebackType
    from unittest import TestResult, TestSuite

    type ErrorInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]

PASSED, SKIPPED, FAILED = "passed", "skipped", "failed"
LONGEST_ERROR = 300


class RecordingResult(TextTestResult):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcomes: dict[str, dict[str, str]] = {}

    def _record(self, test: TestCase, outcome: str, error: str = "") -> None:
        # "setUpClass (queries.tests.TagTests)" is what unittest calls what is no test.
        name = re.sub(r"^(\w+) \((.+)\)$", r"\2.\1", test.id())
        if self.outcomes.get(name, {}).get("outcome") != FAILED:
            self.outcomes[name] = {"test": name, "outcome": outcome, "error": error}

    @override
    def addSuccess(self, test: TestCase) -> None:
        super().addSuccess(test)
        self._record(test, PASSED)

    @override
    def addSkip(self, test: TestCase, reason: str) -> None:
        super().addSkip(test, reason)
        self._record(test, SKIPPED, reason)

    @override
    def addExpectedFailure(self, test: TestCase, err: "ErrorInfo") -> None:
        super().addExpectedFailure(test, err)
        self._record(test, PASSED)

    @override
    def addUnexpectedSuccess(self, test: TestCase) -> None:
        super().addUnexpectedSuccess(test)
        self._record(test, FAILED, "it was expected to fail")

    @override
    def addError(self, test: TestCase, err: "ErrorInfo") -> None:
        super().addError(test, err)
        self._record(test, FAILED, _one_line(err[1]))

    @override
    def addFailure(self, test: TestCase, err: "ErrorInfo") -> None:
        super().addFailure(test, err)
        self._record(test, FAILED, _one_line(err[1]))

    @override
    def addSubTest(self, test: TestCase, subtest: TestCase, err: "ErrorInfo | None") -> None:
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._record(test, FAILED, _one_line(err[1]))


class RecordingRunner(DiscoverRunner):
    @override
    def build_suite(self, *args: Any, **options: Any) -> "TestSuite":
        """Put what is known to differ last among its kind, so that what it leaves behind spoils no other test."""
        places = {test: place for place, test in enumerate(settings.KNOWN_TO_DIFFER)}  # type: ignore[misc]
        tests = cast("list[TestCase]", list(super().build_suite(*args, **options)))  # flat, as it runs in one process
        tests.sort(key=lambda test: (self._kind(test), places.get(test.id(), -1)))
        return self.test_suite(tests)

    def _kind(self, test: TestCase) -> int:
        kinds = (place for place, kind in enumerate(self.reorder_by) if isinstance(test, kind))
        return next(kinds, len(self.reorder_by))

    @override
    def get_resultclass(self) -> type[RecordingResult]:
        return RecordingResult

    @override
    def suite_result(self, suite: "TestSuite", result: "TestResult", **options: Any) -> int:
        # Called last, when the databases are gone again: a run that fails at that leaves no outcomes.
        assert isinstance(result, RecordingResult)
        lines = [json.dumps(outcome) + "\n" for outcome in result.outcomes.values()]
        Path(settings.OUTCOMES).write_text("".join(lines), "utf-8")  # type: ignore[misc] # not the project's settings
        return super().suite_result(suite, result, **options)


def _one_line(error: BaseException | None) -> str:
    text = str(error).strip() or "no message"
    return f"{type(error).__name__}: {text.splitlines()[0]}"[:LONGEST_ERROR]
