"""Compare content_duo with other ways of teaching on simulated children, and time it.

Run from the repository: ``python -m bench.sessions``. Forty children practise eight minutes a day for thirty days;
what counts is how many concepts they recall on day 60. Two truths are shown: in one a concept cannot be recalled
without those it builds on, in the other prerequisites mean nothing and waiting for them is pure cost.
"""

import json
from collections.abc import Callable
from statistics import mean, stdev
from time import perf_counter
from typing import Final, NamedTuple

import numpy as np

from bench.simulated_learners import Child
from bench.ways_of_teaching import ContentDuo, FsrsDue, Leitner, LeitnerInOrder, RandomOrder, Teaching
from content.release_index import ReleaseIndex
from content.release_index_build import IndexedByte, IndexedConcept, build
from learning.sessions.generate import generate
from learning.sessions.learner import Learner, pack_memories
from learning.sessions.plan import Plan

CHILDREN: Final = 40
DAYS: Final = 30
SECONDS_A_DAY: Final = 480.0
TEST_DAY: Final = 60
UNIT_SIZE: Final = 20
# Kinds of bytes and the chance of guessing them.
KINDS: Final = {"choose": 0.25, "listen": 0.25, "match": 0.5, "trace": 0.05, "say": 0.05}

WAYS: Final[dict[str, Callable[[ReleaseIndex], Teaching]]] = {
    "random": RandomOrder,
    "Leitner + new": Leitner,
    "Leitner + new in order": LeitnerInOrder,
    "FSRS due + new": FsrsDue,
    "content_duo": ContentDuo,
}


class Outcome(NamedTuple):
    """What a way of teaching came to, as means over the children."""

    recalled: float
    standard_error: float
    met: float
    success: float


def make_course(concepts: int, bytes_: int) -> ReleaseIndex:
    """Return a course in units of twenty, where most concepts build on one or two of the eight before in their unit."""
    random = np.random.default_rng(0)
    rows = []
    for concept in range(concepts):
        before = np.arange(max(concept - concept % UNIT_SIZE, concept - 8), concept)
        count = min(1 + int(random.random() < 0.4), len(before))  # noqa: PLR2004
        rows.append(IndexedConcept(concept, concept // UNIT_SIZE, tuple(random.choice(before, count, replace=False))))
    owners = np.concatenate([np.arange(concepts), random.integers(0, concepts, bytes_ - concepts)])
    return build(release=1, concepts=rows, bytes_=[_make_byte(random, *pair) for pair in enumerate(owners.tolist())])


def _make_byte(random: np.random.Generator, byte_id: int, concept: int) -> IndexedByte:
    kind = str(random.choice(list(KINDS)))
    difficulty, expected_ms = float(random.normal(0, 0.7)), int(random.uniform(5000, 11_000))
    return IndexedByte(byte_id, concept, kind, difficulty, expected_ms, KINDS[kind], {})


def try_out(index: ReleaseIndex, way: Callable[[ReleaseIndex], Teaching], *, prerequisites_matter: bool) -> Outcome:
    """Teach all children one way."""
    children = [Child(index, seed, prerequisites_matter=prerequisites_matter) for seed in range(CHILDREN)]
    for child in children:
        teaching = way(index)
        for _ in range(DAYS):
            teaching.teach(child, SECONDS_A_DAY)
            child.sleep(1)
        child.sleep(TEST_DAY - DAYS)
    recalled = [sum(map(child.recall, child.memories)) for child in children]
    return Outcome(
        recalled=mean(recalled),
        standard_error=stdev(recalled) / CHILDREN**0.5,
        met=mean(len(child.memories) for child in children),
        success=sum(child.correct for child in children) / sum(child.answered for child in children),
    )


def compare(index: ReleaseIndex, *, prerequisites_matter: bool) -> dict[str, dict[str, float]]:
    """Print a table of all ways under one truth, and return its figures."""
    print(f"\nPrerequisites {'matter' if prerequisites_matter else 'mean nothing'}")
    print(f"{'':24}{'recalled on day 60':>20}{'x Leitner':>11}{'met':>7}{'success':>9}")
    outcomes = {name: try_out(index, way, prerequisites_matter=prerequisites_matter) for name, way in WAYS.items()}
    leitner = outcomes["Leitner + new"].recalled
    for name, outcome in outcomes.items():
        recalled = f"{outcome.recalled:.1f} ± {outcome.standard_error:.1f}"
        print(f"{name:24}{recalled:>20}{outcome.recalled / leitner:>11.2f}{outcome.met:>7.0f}{outcome.success:>9.0%}")
    return {
        name: {**{key: round(value, 3) for key, value in o._asdict().items()}, "ratio": round(o.recalled / leitner, 3)}
        for name, o in outcomes.items()
    }


def time_generate(concepts: int = 2000, bytes_: int = 5000, rounds: int = 500) -> dict[str, float]:
    """Time sessions for a learner who has met every concept; print and return milliseconds."""
    index, random = make_course(concepts, bytes_), np.random.default_rng(1)
    stability, last_day = random.lognormal(2, 1, concepts), random.integers(900, 1000, concepts)
    rows = [(c, float(stability[c]), 5.0, int(last_day[c]), int(last_day[c]) + 20, 3) for c in range(concepts)]
    learner = Learner(pack_memories(rows), last_shown=dict.fromkeys(range(0, bytes_, 2), 990))
    taken = []
    for number in range(rounds):
        start = perf_counter()
        generate(index, learner, Plan(1000, 12, 150.0, str(number)))
        taken.append(1000 * (perf_counter() - start))
    p50, p99 = (round(float(figure), 2) for figure in np.percentile(taken, [50, 99]))
    print(f"\ngenerate(), {concepts} concepts x {bytes_} bytes x {concepts} memories: p50 {p50} ms, p99 {p99} ms")
    return {"p50_ms": p50, "p99_ms": p99}


def main() -> None:
    """Print the tables and, as the last line, their figures as JSON."""
    index = make_course(600, 1500)
    figures: dict[str, object] = {
        "prerequisites_matter": compare(index, prerequisites_matter=True),
        "prerequisites_mean_nothing": compare(index, prerequisites_matter=False),
        "generate": time_generate(),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
