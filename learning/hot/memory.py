"""User memory: a projection of one learner's stored answers about one concept.

Answers are only ever added, so a batch that arrives late needs no merge: replay the concept. The result depends on
the *set* of answers alone, in whatever order and however often they were delivered.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

from learning import fsrs
from learning.hot.ratings import Facts, Outcome, rate

type Band = Literal["beginner", "intermediate", "advanced", "mastered"]

DEFAULT_RETENTION: Final = 0.8

# When a concept is *unlocked-through*, and opens what depends on it.
UNLOCK_STABILITY: Final = 2.0
UNLOCK_RECALL: Final = 0.7
UNLOCK_SUCCESSES: Final = 2

# The bands that guardians see, in percent of graded attempts.
BEGINNER_BELOW: Final = 60
ADVANCED_ABOVE: Final = 85
MASTERED_ABOVE: Final = 95
MASTERED_DAYS: Final = 30


class AnswerRow(NamedTuple):
    """One stored answer, with what was frozen on it when it was first inserted."""

    client_id: str
    byte_id: int
    outcome: Outcome
    rt_ms: int | None
    hints: int
    answered_ms: int
    device_seq: int
    local_day: int
    expected_ms: int
    guess: float


class Memory(NamedTuple):
    """What the answers about one concept amount to; days are local days, as in `learning.hot.days`.

    ``reps`` counts graded attempts, ``correct`` those with the outcome "correct". ``varied_successes`` counts the
    successes (rated Hard or better) that differ in day or in byte. ``accurate_since_day`` is the day since which more
    than 95 % of all attempts so far have been correct, 0 when that is not so now.
    """

    stability: float
    difficulty: float
    first_day: int
    last_day: int
    reps: int
    correct: int
    varied_successes: int
    accurate_since_day: int
    exposures: int


class _Review(NamedTuple):
    """A graded attempt. A success is rated Hard or better: two hints make a correct answer correct, but no success."""

    local_day: int
    byte_id: int
    rating: fsrs.Rating
    success: bool
    correct: bool


def replay(answers: Iterable[AnswerRow]) -> Memory | None:
    """Return the memory that one concept's answers leave, or None while no attempt at it has been graded.

    The first graded attempt of a local day makes the long-term update, later ones follow the same-day formula. A day
    that lies before the last one (the child flew west) counts as the same day.
    """
    rows = sorted({row.client_id: row for row in answers}.values(), key=_moment)
    reviews = _rate_in_order(rows)
    if not reviews:
        return None
    state = _last_state(reviews)
    return Memory(
        stability=state.stability,
        difficulty=state.difficulty,
        first_day=reviews[0].local_day,
        last_day=max(review.local_day for review in reviews),
        reps=len(reviews),
        correct=sum(review.correct for review in reviews),
        varied_successes=len({(review.local_day, review.byte_id) for review in reviews if review.success}),
        accurate_since_day=_accurate_since_day(reviews),
        exposures=len(rows) - len(reviews),
    )


def accuracy(memory: Memory) -> float:
    """Return the share of graded attempts that were correct, from 0 to 1."""
    return memory.correct / memory.reps


def due_day(memory: Memory, retention: float = DEFAULT_RETENTION) -> int:
    """Return the local day on which recall falls to the retention that the app aims at."""
    return memory.last_day + fsrs.next_interval(memory.stability, retention)


def unlocked_until_day(memory: Memory) -> int:
    """Return the last local day on which the concept counts as unlocked-through, 0 when it does not at all."""
    if memory.stability < UNLOCK_STABILITY or memory.varied_successes < UNLOCK_SUCCESSES:
        return 0
    return memory.last_day + min(int(fsrs.days_until(memory.stability, UNLOCK_RECALL)), fsrs.MAX_INTERVAL)


def band(memory: Memory, today: int) -> Band:
    """Return the band that a guardian sees.

    One right answer that nobody ever checked again stays advanced: mastered also asks for a second success, on
    another day or byte.
    """
    if memory.correct * 100 < BEGINNER_BELOW * memory.reps:
        return "beginner"
    if memory.correct * 100 <= ADVANCED_ABOVE * memory.reps:
        return "intermediate"
    held = memory.accurate_since_day > 0 and today - memory.accurate_since_day >= MASTERED_DAYS
    return "mastered" if held and memory.varied_successes >= UNLOCK_SUCCESSES else "advanced"


def _moment(row: AnswerRow) -> tuple[int, int, str]:
    """Order answers by time, within one device by its own sequence; the client id breaks what ties remain."""
    return row.answered_ms, row.device_seq, row.client_id


def _rate_in_order(rows: list[AnswerRow]) -> list[_Review]:
    """Rate the graded attempts among answers in order of time."""
    reviews: list[_Review] = []
    succeeded = False
    for row in rows:
        facts = Facts(row.outcome, row.rt_ms, row.hints, row.expected_ms, row.guess, first_success=not succeeded)
        rating = rate(facts)
        if rating is None:
            continue
        success = rating != fsrs.AGAIN
        succeeded = succeeded or success
        reviews.append(_Review(row.local_day, row.byte_id, rating, success, row.outcome == "correct"))
    return reviews


def _last_state(reviews: list[_Review]) -> fsrs.State:
    first, *later = reviews
    state, last_day = fsrs.review(None, first.rating, 0), first.local_day
    for review in later:
        state = fsrs.review(state, review.rating, max(review.local_day - last_day, 0))
        last_day = max(last_day, review.local_day)
    return state


def _accurate_since_day(reviews: list[_Review]) -> int:
    since = correct = 0
    for attempts, review in enumerate(reviews, start=1):
        correct += review.correct
        accurate = correct * 100 > MASTERED_ABOVE * attempts
        since = (since or review.local_day) if accurate else 0
    return since
