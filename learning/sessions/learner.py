"""The learner as the generator sees them, and what they know of a release today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from content.release_index import ReleaseIndex
from learning.fsrs_arrays import Floats, Integers, States, retrievability
from learning.hot.memory import UNLOCK_STABILITY

type Flags = NDArray[np.bool_]
type Positions = NDArray[np.intp]

# One user memory; a learner's memories are an array of these, or a blob that is read as one.
MEMORY: Final = np.dtype(
    [
        ("concept_id", "<i8"),
        ("stability", "<f8"),
        ("difficulty", "<f8"),
        ("last_day", "<i4"),
        ("unlocked_until_day", "<i4"),
        ("reps", "<i4"),
    ]
)


class Recent(NamedTuple):
    """How the last sessions went, in graded answers: all of them, and the challenges among them."""

    graded: int = 0
    correct: int = 0
    challenges: int = 0
    challenges_correct: int = 0


NO_RECENT: Final = Recent()


@dataclass(frozen=True, slots=True, eq=False)
class Learner:
    """What is stored of a learner: memories as an array of MEMORY, ability in Elo logits, bytes by day last shown."""

    memories: NDArray[np.void]
    ability: float = 0.0
    recent: Recent = NO_RECENT
    last_shown: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Knowledge:
    """What a learner knows of a release on one day, as arrays over its concepts.

    ``states``, ``elapsed_days`` and ``recall`` hold stand-ins where a concept has not been met. ``through`` is
    unlocked-through, ``ready`` means that all prerequisites are.
    """

    met: Flags
    states: States
    elapsed_days: Integers
    recall: Floats
    through: Flags
    ready: Flags

    @property
    def open(self) -> Flags:
        """The concepts that have been begun and would not last two days."""
        return self.met & (self.states.stability < UNLOCK_STABILITY)


def pack_memories(rows: Iterable[tuple[int, float, float, int, int, int]]) -> NDArray[np.void]:
    """Return memories as the array that a learner holds, from rows with the columns of MEMORY in their order."""
    return np.array(list(rows), dtype=MEMORY)


def survey(index: ReleaseIndex, learner: Learner, today: int) -> Knowledge:
    """Return what the learner knows of the release today; memories of concepts it no longer has are left out."""
    memories = learner.memories[learner.memories["reps"] > 0]
    positions = index.concept_positions(memories["concept_id"])
    memories, positions = memories[positions >= 0], positions[positions >= 0]
    count = len(index.concept_ids)

    def spread(column: NDArray[np.generic], stand_in: float) -> Floats:
        spread_out = np.full(count, stand_in, dtype=np.float64)
        spread_out[positions] = column
        return spread_out

    met = spread(np.ones(len(memories)), 0) > 0
    states = States(spread(memories["stability"], 1), spread(memories["difficulty"], 1))
    elapsed_days = np.maximum(today - spread(memories["last_day"], today), 0).astype(np.int64)
    through = spread(memories["unlocked_until_day"], 0) >= today
    recall = np.where(met, retrievability(states.stability, elapsed_days), 0.0)
    return Knowledge(met, states, elapsed_days, recall, through, _ready(index, through))


def _ready(index: ReleaseIndex, through: Flags) -> Flags:
    """Tell which concepts have all prerequisites unlocked through.

    A prerequisite without a byte in this release could never be learned; it bars nothing.
    """
    learnable = np.diff(index.byte_start) > 0
    bars = (learnable & ~through)[index.parent]
    ready: Flags = np.bincount(index.child[bars], minlength=len(through)) == 0
    return ready
