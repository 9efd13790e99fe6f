"""FSRS-6, the memory model: how well a learner holds one concept, and for how long.

Formulas and the 21 default parameters are those of the reference implementation, the PyPI package ``fsrs`` 6.3.2
(MIT), which the tests use as their oracle. Standard library only and light to import, because hot endpoints load it
on a cold start: hence plain integers for the ratings where an enum would cost a millisecond.
"""

from math import exp
from typing import Final, Literal, NamedTuple

type Rating = Literal[1, 2, 3, 4]

AGAIN: Final = 1
HARD: Final = 2
GOOD: Final = 3
EASY: Final = 4

# The default parameters w0 to w20, by what they do.
INITIAL_STABILITY: Final = (0.212, 1.2931, 2.3065, 8.2956)  # w0-w3, in days, after a first Again, Hard, Good, Easy
INITIAL_DIFFICULTY: Final = 6.4133  # w4
DIFFICULTY_SPREAD: Final = 0.8334  # w5
DIFFICULTY_STEP: Final = 3.0194  # w6
MEAN_REVERSION: Final = 0.001  # w7
RECALL_SCALE: Final = exp(1.8722)  # w8
RECALL_STABILITY_POWER: Final = -0.1666  # w9
RECALL_SPACING: Final = 0.796  # w10
FORGET_SCALE: Final = 1.4835  # w11
FORGET_DIFFICULTY_POWER: Final = -0.0614  # w12
FORGET_STABILITY_POWER: Final = 0.2629  # w13
FORGET_SPACING: Final = 1.6483  # w14
HARD_PENALTY: Final = 0.6014  # w15
EASY_BONUS: Final = 1.8729  # w16
SAME_DAY_GAIN: Final = 0.5425  # w17
SAME_DAY_SHIFT: Final = 0.0912  # w18
SAME_DAY_STABILITY_POWER: Final = -0.0658  # w19
DECAY: Final = -0.1542  # w20

# Scales the forgetting curve so that stability is the number of days after which recall is 90 %.
FACTOR: Final = 0.9 ** (1 / DECAY) - 1
# A lapse never leaves more than this share of the stability.
FORGET_CEILING: Final = exp(-SAME_DAY_GAIN * SAME_DAY_SHIFT)

MIN_STABILITY: Final = 0.001
MIN_DIFFICULTY: Final = 1.0
MAX_DIFFICULTY: Final = 10.0
MAX_INTERVAL: Final = 36_500
# Difficulty drifts towards that of a first Easy, which is not clamped here.
EASY_DIFFICULTY: Final = INITIAL_DIFFICULTY - exp(DIFFICULTY_SPREAD * (EASY - 1)) + 1


class State(NamedTuple):
    """What is remembered of a concept: stability in days, difficulty from 1 (easy) to 10."""

    stability: float
    difficulty: float


def review(state: State | None, rating: Rating, elapsed_days: int) -> State:
    """Return the state after one more review; no state means that this is the first.

    A review less than one day after the last follows the same-day formula: it settles a memory, but spacing did not
    test it.
    """
    if state is None:
        return _first_review(rating)
    if elapsed_days < 1:
        stability = _same_day_stability(state.stability, rating)
    elif rating == AGAIN:
        stability = _stability_after_lapse(state, elapsed_days)
    else:
        stability = _stability_after_recall(state, rating, elapsed_days)
    return State(max(stability, MIN_STABILITY), _next_difficulty(state.difficulty, rating))


def retrievability(stability: float, elapsed_days: float) -> float:
    """Return the probability of recall so many days after the last review."""
    return float((1 + FACTOR * elapsed_days / stability) ** DECAY)


def days_until(stability: float, retention: float) -> float:
    """Return the days after which recall has fallen to a retention between 0 and 1, both excluded."""
    return float(stability / FACTOR * (retention ** (1 / DECAY) - 1))


def next_interval(stability: float, retention: float) -> int:
    """Return the whole days after which recall has fallen to a retention, from 1 to 36,500."""
    return min(max(round(days_until(stability, retention)), 1), MAX_INTERVAL)


def _first_review(rating: Rating) -> State:
    difficulty = INITIAL_DIFFICULTY - exp(DIFFICULTY_SPREAD * (rating - 1)) + 1
    return State(INITIAL_STABILITY[rating - 1], _clamp_difficulty(difficulty))


def _same_day_stability(stability: float, rating: Rating) -> float:
    growth = exp(SAME_DAY_GAIN * (rating - GOOD + SAME_DAY_SHIFT)) * stability**SAME_DAY_STABILITY_POWER
    return float(stability * (growth if rating == AGAIN else max(growth, 1.0)))


def _stability_after_recall(state: State, rating: Rating, elapsed_days: int) -> float:
    stability, difficulty = state
    forgotten = 1 - retrievability(stability, elapsed_days)
    growth = (
        RECALL_SCALE
        * (11 - difficulty)
        * stability**RECALL_STABILITY_POWER
        * (exp(forgotten * RECALL_SPACING) - 1)
        * (HARD_PENALTY if rating == HARD else 1.0)
        * (EASY_BONUS if rating == EASY else 1.0)
    )
    return float(stability * (1 + growth))


def _stability_after_lapse(state: State, elapsed_days: int) -> float:
    stability, difficulty = state
    forgotten = 1 - retrievability(stability, elapsed_days)
    relearned = (
        FORGET_SCALE
        * difficulty**FORGET_DIFFICULTY_POWER
        * ((stability + 1) ** FORGET_STABILITY_POWER - 1)
        * exp(forgotten * FORGET_SPACING)
    )
    return float(min(relearned, stability * FORGET_CEILING))


def _next_difficulty(difficulty: float, rating: Rating) -> float:
    moved = difficulty - (MAX_DIFFICULTY - difficulty) * DIFFICULTY_STEP * (rating - GOOD) / 9
    return _clamp_difficulty(MEAN_REVERSION * EASY_DIFFICULTY + (1 - MEAN_REVERSION) * moved)


def _clamp_difficulty(difficulty: float) -> float:
    return min(max(difficulty, MIN_DIFFICULTY), MAX_DIFFICULTY)
