"""A sitting: one learner in front of one release with one plan. Every step of the generator looks at it."""

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from content.release_index import ReleaseIndex
from learning.fsrs_arrays import Floats
from learning.sessions.learner import Flags, Knowledge, Learner, survey
from learning.sessions.plan import Plan


@dataclass(frozen=True, slots=True, eq=False)
class Sitting:
    """What a session is made from; ``free`` and ``days_since_shown`` are arrays over the bytes of the release."""

    index: ReleaseIndex
    learner: Learner
    plan: Plan
    knowledge: Knowledge
    free: Flags
    days_since_shown: Floats
    random: np.random.Generator


def sit_down(index: ReleaseIndex, learner: Learner, plan: Plan) -> Sitting:
    """Return the sitting of a learner in front of a release."""
    return Sitting(
        index=index,
        learner=learner,
        plan=plan,
        knowledge=survey(index, learner, plan.today),
        free=_free(index, plan),
        days_since_shown=_days_since_shown(index, learner, plan.today),
        random=_random(plan.seed),
    )


def _free(index: ReleaseIndex, plan: Plan) -> Flags:
    free = np.ones(len(index.byte_ids), dtype=np.bool_)
    excluded = index.byte_positions(np.fromiter(plan.exclude, dtype=np.int64))
    free[excluded[excluded >= 0]] = False
    return free


def _days_since_shown(index: ReleaseIndex, learner: Learner, today: int) -> Floats:
    """Return the days since each byte was last shown, infinite for one that never was."""
    shown = learner.last_shown
    positions = index.byte_positions(np.fromiter(shown.keys(), dtype=np.int64, count=len(shown)))
    days = np.fromiter(shown.values(), dtype=np.float64, count=len(shown))
    since = np.full(len(index.byte_ids), np.inf)
    since[positions[positions >= 0]] = np.maximum(today - days[positions >= 0], 0)
    return since


def _random(seed: str) -> np.random.Generator:
    """Return a generator that gives the same numbers for the same seed, in any process."""
    return np.random.Generator(np.random.PCG64(int.from_bytes(blake2b(seed.encode(), digest_size=8).digest())))
