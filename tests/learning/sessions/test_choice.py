import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.release_index_build import IndexedByte, IndexedConcept, build
from learning.hot import prediction
from learning.sessions.choice import choose_bytes, predict
from learning.sessions.sitting import sit_down
from tests.learning.sessions.courses import TODAY, make_index, make_learner, make_plan


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-4, 4), st.floats(-4, 4))
def test_predicting_many_equals_predicting_each(recall: float, guess: float, ability: float, difficulty: float) -> None:
    p = predict(np.array([recall]), np.array([guess]), ability, np.array([difficulty]))

    assert p[0] == pytest.approx(prediction.predict(recall, guess, ability, difficulty), rel=1e-12)


@pytest.mark.parametrize(("target", "byte_id"), [(0.9, 1), (0.6, 2), (0.3, 3)])
def test_it_takes_the_byte_that_succeeds_about_as_often_as_it_should(target: float, byte_id: int) -> None:
    difficulties = {1: -1.8, 2: 0.0, 3: 1.3}
    bytes_ = [IndexedByte(byte, 1, "say", difficulty, 8000, 0.0, {}) for byte, difficulty in difficulties.items()]
    index = build(release=1, concepts=[IndexedConcept(1, 1, ())], bytes_=bytes_)

    choice = choose_bytes(sit_down(index, make_learner(), make_plan()), np.array([0]), target)

    assert index.byte_ids[choice.bytes].tolist() == [byte_id]


def test_it_prefers_a_byte_that_was_not_shown_lately() -> None:
    learner = make_learner(last_shown={0: TODAY, 1: TODAY - 30, 2: TODAY - 1, 777: TODAY})

    choice = choose_bytes(sit_down(make_index([()]), learner, make_plan()), np.array([0]), 0.6)

    assert choice.bytes.tolist() == [1]


def test_concepts_keep_their_order_and_one_without_a_free_byte_falls_out() -> None:
    sitting = sit_down(make_index([()] * 4, [3, 0, 1, 2]), make_learner(), make_plan(exclude=(20,)))

    choice = choose_bytes(sitting, np.array([3, 2, 1, 0]), 0.85)

    assert choice.concepts.tolist() == [3, 0]
    assert [sitting.index.byte_ids[b] // 10 for b in choice.bytes] == [3, 0]
