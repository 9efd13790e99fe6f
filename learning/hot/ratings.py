"""From an answer to an FSRS rating."""

from typing import Final, Literal, NamedTuple

from learning.fsrs import AGAIN, EASY, GOOD, HARD, Rating

type Outcome = Literal["correct", "wrong", "skipped", "exposed"]

# Frozen on each answer. Whoever changes the mapping below raises it and keeps the old mapping for the old answers:
# otherwise a replay would rate yesterday's answers anew.
RULE_VERSION: Final = 1

# Outside these a response time is a slip of the finger or a child who walked away.
MIN_RESPONSE_MS: Final = 300
MAX_RESPONSE_MS: Final = 60_000
SLOW: Final = 2.0
FAST: Final = 0.5
# So many hints amount to being told.
TOLD_HINTS: Final = 2
GUESSABLE: Final = 0.25


class Facts(NamedTuple):
    """What a rating depends on, all of it known when the answer is first stored.

    ``rt_ms`` is the response time, None when the device has not measured it; ``guess`` the chance of a blind guess.
    ``first_success`` says that no earlier answer of this concept was a success. ``produces`` is for bytes whose
    answer is spoken, written or built rather than picked.
    """

    outcome: Outcome
    rt_ms: int | None
    hints: int
    expected_ms: int
    guess: float
    first_success: bool
    produces: bool = False


def rate(facts: Facts, *, easy: bool = False) -> Rating | None:
    """Return the rating of an answer, or None for an exposure, which tests no memory.

    Slow is measured against the byte's expected time, not the child's own median: with the median, a batch that
    arrives late would re-rate older answers. Easy is given only where it is switched on.
    """
    if facts.outcome == "exposed":
        return None
    if facts.outcome != "correct" or facts.hints >= TOLD_HINTS:
        return AGAIN
    pace = _pace(facts)
    lucky = facts.first_success and facts.guess >= GUESSABLE
    if lucky or facts.hints > 0 or (pace is not None and pace > SLOW):
        return HARD
    if easy and facts.produces and pace is not None and pace < FAST:
        return EASY
    return GOOD


def _pace(facts: Facts) -> float | None:
    """Return the response time as a multiple of the expected one, or None when it says nothing."""
    if facts.rt_ms is None or not MIN_RESPONSE_MS <= facts.rt_ms <= MAX_RESPONSE_MS or facts.expected_ms <= 0:
        return None
    return facts.rt_ms / facts.expected_ms
