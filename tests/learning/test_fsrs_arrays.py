import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from learning import fsrs, fsrs_arrays

type Row = tuple[float, float, fsrs.Rating, int]

MEMORIES = st.lists(
    st.tuples(st.floats(1e-3, 3e4), st.floats(1, 10), st.sampled_from((1, 2, 3, 4)), st.integers(0, 3000)),
    min_size=1,
    max_size=40,
)


def columns(memories: list[Row]) -> tuple[fsrs_arrays.States, fsrs_arrays.Integers, fsrs_arrays.Integers]:
    stability, difficulty, rating, elapsed_days = zip(*memories, strict=True)
    states = fsrs_arrays.States(np.array(stability), np.array(difficulty))
    return states, np.array(rating), np.array(elapsed_days)


@given(MEMORIES)
def test_reviewing_many_equals_reviewing_each(memories: list[Row]) -> None:
    states, rating, elapsed_days = columns(memories)

    after = fsrs_arrays.review(states, rating, elapsed_days)

    each = [fsrs.review(fsrs.State(s, d), r, t) for s, d, r, t in memories]
    np.testing.assert_allclose(np.transpose(after), each, rtol=1e-12)


@given(MEMORIES, st.sampled_from((1, 2, 3, 4)))
def test_one_rating_may_serve_for_all(memories: list[Row], rating: fsrs.Rating) -> None:
    states, ratings, elapsed_days = columns(memories)

    after = fsrs_arrays.review(states, rating, elapsed_days)

    np.testing.assert_array_equal(after, fsrs_arrays.review(states, np.full_like(ratings, rating), elapsed_days))


@given(MEMORIES)
def test_recall_of_many_equals_recall_of_each(memories: list[Row]) -> None:
    states, _, elapsed_days = columns(memories)

    recall = fsrs_arrays.retrievability(states.stability, elapsed_days)

    each = [fsrs.retrievability(s, t) for s, _, _, t in memories]
    np.testing.assert_allclose(recall, each, rtol=1e-12)
