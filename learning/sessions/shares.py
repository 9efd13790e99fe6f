"""How a session is shared out among the slots, by how the learner has been doing."""

from typing import Final

from learning.hot.memory import ADVANCED_ABOVE, BEGINNER_BELOW
from learning.sessions.learner import Recent
from learning.sessions.plan import Mix, Share, Slot

# With fewer graded answers than these, accuracy says nothing yet.
ENOUGH_ANSWERS: Final = 10
ENOUGH_CHALLENGES: Final = 3

STRUGGLING_BELOW: Final = 0.4
EXCELLING_ABOVE: Final = 0.75
CHALLENGE_STEP: Final = 0.25


def share_out(mix: Mix, recent: Recent) -> dict[Slot, float]:
    """Return the share of each slot; together they are one.

    A beginner gets the most review and the least challenge, an advanced learner the reverse. Struggling on challenges
    moves the mix towards review, excelling towards challenge.
    """
    boldness = _boldness(recent)
    challenge = _between(mix.challenge, boldness)
    new = min(max(1 - challenge - _between(mix.review, 1 - boldness), mix.new.low), mix.new.high)
    return {"new": new, "review": max(1 - new - challenge, 0.0), "challenge": challenge}


def _boldness(recent: Recent) -> float:
    """Return from 0 (a beginner, or unknown) to 1 (advanced) how much of a stretch the learner is ready for."""
    boldness = 0.0
    if recent.graded >= ENOUGH_ANSWERS:
        percent = 100 * recent.correct / recent.graded
        boldness = 0.5 * (percent >= BEGINNER_BELOW) + 0.5 * (percent > ADVANCED_ABOVE)
    if recent.challenges >= ENOUGH_CHALLENGES:
        success = recent.challenges_correct / recent.challenges
        boldness += CHALLENGE_STEP * ((success > EXCELLING_ABOVE) - (success < STRUGGLING_BELOW))
    return min(max(boldness, 0.0), 1.0)


def _between(share: Share, place: float) -> float:
    return share.low + (share.high - share.low) * place
