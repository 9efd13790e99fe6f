"""How Django's tests ended on our engine, held against the stock one, test by test."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from tests.django_suite.engines import Side
from tests.django_suite.recorder import FAILED, PASSED, SKIPPED
from tests.django_suite.runs import Outcome, Plan, run_label

type Outcomes = Mapping[str, Outcome]


class Comparison(NamedTuple):
    """One label on both sides."""

    label: str
    stock: Outcomes
    ours: Outcomes

    @property
    def differences(self) -> dict[str, str]:
        """Return what passes on the stock engine but not on ours, with what it said there.

        A test that is skipped on ours, or never ran, is a difference too: it proves nothing any more.
        """
        missing = Outcome(FAILED, "did not run")
        ends = {test: self.ours.get(test, missing) for test, end in self.stock.items() if end.outcome == PASSED}
        return {test: f"{end.outcome}: {end.error}" for test, end in ends.items() if end.outcome != PASSED}

    @property
    def better(self) -> list[str]:
        """Return what passes on our engine only."""
        failed = [test for test, end in self.stock.items() if end.outcome == FAILED]
        return [test for test in failed if self.ours.get(test, Outcome(FAILED, "")).outcome == PASSED]

    def figures(self) -> dict[str, int]:
        """Return the figures of one row of the table."""
        return {
            "tests": len(self.stock),
            "skipped": _count(self.stock, SKIPPED),
            "stock_failures": _count(self.stock, FAILED),
            "our_failures": _count(self.ours, FAILED),
            "differences": len(self.differences),
        }


def _count(outcomes: Outcomes, outcome: str) -> int:
    return sum(end.outcome == outcome for end in outcomes.values())


async def compare(plan: Plan, labels: Sequence[str], report: Callable[[Comparison], None]) -> list[Comparison]:
    """Run labels on both sides, as many at a time as there are jobs; report each as soon as it is done."""
    turns = asyncio.Semaphore(plan.jobs)

    async def run(label: str, side: Side) -> Outcomes:
        async with turns:
            return await run_label(plan, label, side)

    async def compare_label(label: str) -> Comparison:
        stock, ours = await asyncio.gather(run(label, plan.database.stock), run(label, plan.database.ours))
        report(comparison := Comparison(label, stock, ours))
        return comparison

    return await asyncio.gather(*map(compare_label, labels))
