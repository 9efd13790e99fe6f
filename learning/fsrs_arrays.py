"""FSRS-6 over numpy arrays: the formulas of ``learning.fsrs`` for all of a learner's concepts at once.

Some 0.1 µs a review instead of several: the session generator asks "what if" of every known concept. A test holds
both forms equal.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from learning import fsrs

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]


class States(NamedTuple):
    """Memories side by side: stability in days, difficulty from 1 to 10."""

    stability: Floats
    difficulty: Floats


def retrievability(stability: Floats, elapsed_days: Floats | Integers | float) -> Floats:
    """Return the probabilities of recall so many days after the last reviews."""
    return (1 + fsrs.FACTOR * elapsed_days / stability) ** fsrs.DECAY


def review(states: States, rating: Integers | fsrs.Rating, elapsed_days: Integers) -> States:
    """Return the states after one more review of each concept, with one rating for all or one for each.

    Only for concepts that have been reviewed before: a first review needs no formula, see `learning.fsrs.review`.
    """
    ratings = np.broadcast_to(np.asarray(rating, dtype=np.int64), states.stability.shape)
    spaced = np.where(
        ratings == fsrs.AGAIN,
        _stability_after_lapse(states, elapsed_days),
        _stability_after_recall(states, ratings, elapsed_days),
    )
    stability = np.where(elapsed_days < 1, _same_day_stability(states.stability, ratings), spaced)
    return States(np.maximum(stability, fsrs.MIN_STABILITY), _next_difficulty(states.difficulty, ratings))


def _same_day_stability(stability: Floats, rating: Integers) -> Floats:
    growth: Floats = np.exp(fsrs.SAME_DAY_GAIN * (rating - fsrs.GOOD + fsrs.SAME_DAY_SHIFT))
    growth *= stability**fsrs.SAME_DAY_STABILITY_POWER
    return stability * np.where(rating == fsrs.AGAIN, growth, np.maximum(growth, 1.0))


def _stability_after_recall(states: States, rating: Integers, elapsed_days: Integers) -> Floats:
    stability, difficulty = states
    forgotten = 1 - retrievability(stability, elapsed_days)
    growth: Floats = (
        fsrs.RECALL_SCALE
        * (11 - difficulty)
        * stability**fsrs.RECALL_STABILITY_POWER
        * (np.exp(forgotten * fsrs.RECALL_SPACING) - 1)
        * np.where(rating == fsrs.HARD, fsrs.HARD_PENALTY, 1.0)
        * np.where(rating == fsrs.EASY, fsrs.EASY_BONUS, 1.0)
    )
    return stability * (1 + growth)


def _stability_after_lapse(states: States, elapsed_days: Integers) -> Floats:
    stability, difficulty = states
    forgotten = 1 - retrievability(stability, elapsed_days)
    relearned = (
        fsrs.FORGET_SCALE
        * difficulty**fsrs.FORGET_DIFFICULTY_POWER
        * ((stability + 1) ** fsrs.FORGET_STABILITY_POWER - 1)
        * np.exp(forgotten * fsrs.FORGET_SPACING)
    )
    return np.minimum(relearned, stability * fsrs.FORGET_CEILING)


def _next_difficulty(difficulty: Floats, rating: Integers) -> Floats:
    moved = difficulty - (fsrs.MAX_DIFFICULTY - difficulty) * fsrs.DIFFICULTY_STEP * (rating - fsrs.GOOD) / 9
    reverted = fsrs.MEAN_REVERSION * fsrs.EASY_DIFFICULTY + (1 - fsrs.MEAN_REVERSION) * moved
    return np.clip(reverted, fsrs.MIN_DIFFICULTY, fsrs.MAX_DIFFICULTY)
