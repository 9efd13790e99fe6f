"""Run one label of Django's tests on one engine, in a process and on databases of its own.

So a label's outcome depends on nothing but the label: not on the others, their order or what they leave behind.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.django_suite.catalogue import Difference
from tests.django_suite.engines import ROOT, Database, Side
from tests.django_suite.source import SuiteError

LONGEST_RUN = 900  # seconds


class Outcome(NamedTuple):
    outcome: str  # passed, skipped or failed
    error: str  # one line, or why it was skipped


class Plan(NamedTuple):
    """What all runs of a comparison share."""

    tests: Path  # the folder of Django's tests
    database: Database
    listed: Mapping[str, Difference]  # what is known to differ, by test
    jobs: int  # processes at a time

    def list_known(self, label: str) -> dict[str, Difference]:
        """Return what is known to differ within a label."""
        return {test: facts for test, facts in self.listed.items() if test.split(".")[0] == label}


async def run_label(plan: Plan, label: str, side: Side) -> Mapping[str, Outcome]:
    """Return how each test of a label ended; raise `SuiteError` where the run did not get to its end."""
    with TemporaryDirectory(prefix="django-suite-") as folder:
        outcomes, log = Path(folder) / "outcomes", Path(folder) / "log"
        facts = {
            "databases": plan.database.configure(side, label),
            "app": side.app,
            "known_to_differ": list(plan.list_known(label)),
            "outcomes": str(outcomes),
        }
        await _run(plan.tests, label, json.dumps(facts), log)
        if not outcomes.exists():
            said = log.read_text("utf-8", "replace").strip().split("\n")[-1]
            raise SuiteError(f"{label} did not get to its end on {side.engine}; the last it said: {said}")
        lines = map(json.loads, outcomes.read_text("utf-8").splitlines())
        return {line["test"]: Outcome(line["outcome"], line["error"]) for line in lines}


async def _run(tests: Path, label: str, facts: str, log: Path) -> None:
    # Nothing of the caller's environment: neither its settings nor its ways with warnings may colour a run.
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), "DJANGO_SUITE_RUN": facts}
    command = [sys.executable, "runtests.py", "--settings=tests.django_suite.settings", "--parallel=1", label]
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(*command, cwd=tests, env=environment, stdout=out, stderr=out)
        try:
            await asyncio.wait_for(process.wait(), LONGEST_RUN)
        except TimeoutError:
            out.write(f"\nstopped after {LONGEST_RUN} seconds\n".encode())
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
