"""Which of a concept's bytes to show."""

from typing import Final, NamedTuple, Self

import numpy as np

from content.release_index import ReleaseIndex
from learning.fsrs_arrays import Floats
from learning.hot.prediction import MAX_RECALL, MIN_RECALL, UNSEEN_RECALL
from learning.sessions.learner import Flags, Positions
from learning.sessions.sitting import Sitting

# A success chance so far from the target weighs as much as one unit of the penalty for having just been shown.
TARGET_WIDTH: Final = 0.15
REPEAT_PENALTY: Final = 2.0
REPEAT_FADES_DAYS: Final = 2.0
# What has never been seen is shown before it is asked, whatever else speaks for another byte.
INTRODUCTION_BONUS: Final = 1000.0
# Enough chance that equals take turns, too little to overturn a clear preference.
NOISE: Final = 0.15


class Choice(NamedTuple):
    """Concepts, the byte chosen for each, and the chance that it succeeds, side by side."""

    concepts: Positions
    bytes: Positions
    p: Floats

    def take(self, order: Positions) -> Self:
        """Return some of the choice, in this order."""
        return type(self)(self.concepts[order], self.bytes[order], self.p[order])


def predict(recall: Floats, guess: Floats, ability: float, difficulty: Floats) -> Floats:
    """Return success chances: `learning.hot.prediction.predict` over arrays."""
    clipped = np.clip(recall, MIN_RECALL, MAX_RECALL)
    logit: Floats = np.log(clipped / (1 - clipped)) + ability - difficulty
    p: Floats = guess + (1 - guess) / (1 + np.exp(-logit))
    return p


def introducing(sitting: Sitting) -> Flags:
    """Return the bytes that a concept may begin with: what is graded, and what shows it for the first time."""
    return sitting.index.graded | np.isinf(sitting.days_since_shown)


def has_free_byte(sitting: Sitting, allowed: Flags) -> Flags:
    """Tell which concepts still have one of the allowed bytes to show."""
    free_before = np.concatenate([[0], np.cumsum(sitting.free & allowed)])
    start = sitting.index.byte_start
    has_free: Flags = free_before[start[1:]] > free_before[start[:-1]]
    return has_free


def choose_bytes(sitting: Sitting, concepts: Positions, target: float, allowed: Flags | None = None) -> Choice:
    """Return the best free byte of each concept, in the given order; a concept without one is left out.

    The best byte succeeds about as often as the target says and has not been shown lately; one that only shows comes
    before all others. Unless others are allowed, only graded bytes are chosen: nothing else tests a memory.
    """
    index = sitting.index
    owners, bytes_ = _bytes_of(index, concepts)
    open_ = (sitting.free & (index.graded if allowed is None else allowed))[bytes_]
    owners, bytes_ = owners[open_], bytes_[open_]
    p = _success(sitting, concepts[owners], bytes_)
    utility = (
        -(((p - target) / TARGET_WIDTH) ** 2)
        - REPEAT_PENALTY * np.exp(-sitting.days_since_shown[bytes_] / REPEAT_FADES_DAYS)
        + INTRODUCTION_BONUS * ~index.graded[bytes_]
        + sitting.random.gumbel(0, NOISE, len(bytes_))
    )
    ranked = np.lexsort((-utility, owners))
    first = np.flatnonzero(np.diff(owners[ranked], prepend=-1))
    best = ranked[first]
    return Choice(concepts[owners[best]], bytes_[best], p[best])


def _bytes_of(index: ReleaseIndex, concepts: Positions) -> tuple[Positions, Positions]:
    """Return all bytes of some concepts: which of the concepts owns each, and where it stands in the release."""
    starts = index.byte_start[concepts].astype(np.intp)
    counts = index.byte_start[concepts + 1] - starts
    owners = np.repeat(np.arange(len(concepts)), counts)
    offsets = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    return owners, starts[owners] + offsets


def _success(sitting: Sitting, concepts: Positions, bytes_: Positions) -> Floats:
    knowledge, index = sitting.knowledge, sitting.index
    recall = np.where(knowledge.met[concepts], knowledge.recall[concepts], UNSEEN_RECALL)
    return predict(recall, index.guess[bytes_], sitting.learner.ability, index.difficulty[bytes_])
