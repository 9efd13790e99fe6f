"""What one practice of a concept is worth today."""

from typing import Final

import numpy as np

from learning.fsrs import AGAIN, GOOD
from learning.fsrs_arrays import Floats, States, retrievability, review
from learning.sessions.learner import Knowledge, Positions

# A practice is worth what it adds to recall so many days from now.
HORIZON_DAYS: Final = 30
# Above this recall a review teaches next to nothing.
FRESH_RECALL: Final = 0.93


def review_gain(knowledge: Knowledge, concepts: Positions) -> Floats:
    """Return the recall that a review today is expected to add at the horizon, for concepts that have been met."""
    states = States(*(column[concepts] for column in knowledge.states))
    elapsed_days = knowledge.elapsed_days[concepts]
    recall = knowledge.recall[concepts]
    good, again = (review(states, rating, elapsed_days).stability for rating in (GOOD, AGAIN))
    expected = recall * retrievability(good, HORIZON_DAYS) + (1 - recall) * retrievability(again, HORIZON_DAYS)
    return expected - retrievability(states.stability, elapsed_days + HORIZON_DAYS)


def due(knowledge: Knowledge) -> Positions:
    """Return the concepts that a review would strengthen."""
    return np.flatnonzero(knowledge.met & (knowledge.recall < FRESH_RECALL))
