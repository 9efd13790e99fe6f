import numpy as np
import pytest

from learning import fsrs
from learning.sessions.learner import survey
from learning.sessions.value import HORIZON_DAYS, due, review_gain
from tests.learning.sessions.courses import TODAY, known, make_index, make_learner


def test_a_review_is_worth_what_it_is_expected_to_add_at_the_horizon() -> None:
    knowledge = survey(make_index([()]), make_learner(known(0, stability=8, days_ago=6)), TODAY)

    gain = review_gain(knowledge, np.array([0]))

    recall, state = fsrs.retrievability(8, 6), fsrs.State(8, 5.0)
    good, again = (
        fsrs.retrievability(fsrs.review(state, rating, 6).stability, HORIZON_DAYS) for rating in (fsrs.GOOD, fsrs.AGAIN)
    )
    unreviewed = fsrs.retrievability(8, 6 + HORIZON_DAYS)
    assert gain[0] == pytest.approx(recall * good + (1 - recall) * again - unreviewed)


def test_what_is_fresh_or_has_not_been_met_is_not_due() -> None:
    learner = make_learner(known(0, days_ago=20), known(1, days_ago=1))

    knowledge = survey(make_index([()] * 3), learner, TODAY)

    assert due(knowledge).tolist() == [0]
