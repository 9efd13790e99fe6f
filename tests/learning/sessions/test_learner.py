import numpy as np
import pytest

from learning import fsrs
from learning.sessions.learner import survey
from tests.learning.sessions.courses import RETIRED, TODAY, known, make_index, make_learner


def test_it_places_memories_where_the_release_has_their_concepts() -> None:
    learner = make_learner(known(2, stability=8, days_ago=3), known(RETIRED), known(0))

    knowledge = survey(make_index([()] * 3), learner, TODAY)

    assert knowledge.met.tolist() == [True, False, True]
    assert knowledge.recall[2] == pytest.approx(fsrs.retrievability(8, 3))
    assert knowledge.recall[1] == 0


def test_a_concept_without_a_graded_attempt_has_not_been_met() -> None:
    learner = make_learner((0, 5.0, 5.0, TODAY, 0, 0))

    assert not survey(make_index([()]), learner, TODAY).met.any()


def test_unlocked_through_ends_with_its_last_day() -> None:
    learner = make_learner((0, 5.0, 5.0, TODAY - 9, TODAY, 3), (1, 5.0, 5.0, TODAY - 9, TODAY - 1, 3))

    knowledge = survey(make_index([(), (), (0,), (1,), (0, 1)]), learner, TODAY)

    assert knowledge.through.tolist() == [True, False, False, False, False]
    assert knowledge.ready.tolist() == [True, True, True, False, False]


def test_open_is_begun_and_not_lasting_two_days() -> None:
    learner = make_learner(known(0, stability=1.9), known(1, stability=2.0))

    assert survey(make_index([()] * 3), learner, TODAY).open.tolist() == [True, False, False]


def test_a_practice_after_flying_west_is_not_in_the_future() -> None:
    knowledge = survey(make_index([()]), make_learner(known(0, days_ago=-1)), TODAY)

    np.testing.assert_array_equal(knowledge.elapsed_days, [0])
    assert knowledge.recall[0] == 1
