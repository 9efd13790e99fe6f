"""Whether what differs is what is known to differ."""

import asyncio
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tests.django_suite.comparison import Comparison, compare
from tests.django_suite.recorder import FAILED, PASSED
from tests.django_suite.runs import Plan


class Complaint(NamedTuple):
    """A test that makes the comparison red."""

    kind: str  # new, changed or stale
    test: str
    text: str


class Verdict(NamedTuple):
    comparisons: list[Comparison]
    complaints: list[Complaint]
    unsteady: list[Complaint]  # not seen again when the label ran a second time


def decide(plan: Plan, labels: Sequence[str], report: Callable[[Comparison], None]) -> Verdict:
    """Compare, and run a label with something wrong once more, alone.

    Some of Django's tests look at the clock; on a busy machine they fail on one side or the other.
    """
    first = {each.label: each for each in asyncio.run(compare(plan, labels, report))}
    seen = _judge_all(plan, list(first.values()))
    doubtful = [label for label, comparison in first.items() if judge(plan, comparison)]
    second = {each.label: each for each in asyncio.run(compare(plan._replace(jobs=1), doubtful, report))}
    comparisons = list((first | second).values())
    complaints = _judge_all(plan, comparisons)
    still = {(complaint.kind, complaint.test) for complaint in complaints}
    return Verdict(comparisons, complaints, [each for each in seen if (each.kind, each.test) not in still])


def _judge_all(plan: Plan, comparisons: Sequence[Comparison]) -> list[Complaint]:
    return [complaint for comparison in comparisons for complaint in judge(plan, comparison)]


def judge(plan: Plan, comparison: Comparison) -> list[Complaint]:
    """Return what differs and is not listed, differs in another way than is listed, or is listed and differs not."""
    complaints = []
    differences, known = comparison.differences, plan.list_known(comparison.label)
    for test, error in differences.items():
        if test not in known:
            complaints.append(Complaint("new", test, error))
        elif not re.search(known[test].error, error):
            complaints.append(Complaint("changed", test, f"{error} (listed as: {known[test].error})"))
    complaints += [
        Complaint("stale", test, why)
        for test in known.keys() - differences.keys()
        if (why := _why_not(comparison, test))
    ]
    return sorted(complaints)


def _why_not(comparison: Comparison, test: str) -> str:
    """Say why a listed test is no difference; nothing where this version of the database cannot run it."""
    stock = comparison.stock.get(test)
    if stock is None:
        return "there is no such test any more"
    reasons = {PASSED: "passes now", FAILED: f"fails on the stock engine too: {stock.error}"}
    return reasons.get(stock.outcome, "")
