import pytest

from learning.fsrs import AGAIN, EASY, GOOD, HARD, Rating
from learning.hot.ratings import Facts, Outcome, rate

PLAIN = Facts(outcome="correct", rt_ms=4000, hints=0, expected_ms=5000, guess=0.05, first_success=False)


def test_a_correct_answer_is_good() -> None:
    assert rate(PLAIN) == GOOD


@pytest.mark.parametrize("outcome", ["wrong", "skipped"])
def test_a_wrong_or_skipped_answer_is_again(outcome: Outcome) -> None:
    assert rate(PLAIN._replace(outcome=outcome)) == AGAIN


def test_an_exposure_is_not_rated() -> None:
    assert rate(PLAIN._replace(outcome="exposed")) is None


@pytest.mark.parametrize(("hints", "rating"), [(0, GOOD), (1, HARD), (2, AGAIN), (5, AGAIN)])
def test_one_hint_makes_it_hard_and_two_tell_the_answer(hints: int, rating: Rating) -> None:
    assert rate(PLAIN._replace(hints=hints)) == rating


@pytest.mark.parametrize(("rt_ms", "rating"), [(10_000, GOOD), (10_001, HARD)])
def test_more_than_twice_the_expected_time_is_hard(rt_ms: int | None, rating: Rating) -> None:
    assert rate(PLAIN._replace(rt_ms=rt_ms)) == rating


@pytest.mark.parametrize("rt_ms", [None, 299, 60_001])
def test_a_time_that_says_nothing_is_ignored(rt_ms: int | None) -> None:
    fast = PLAIN._replace(rt_ms=rt_ms, produces=True)

    assert rate(fast, easy=True) == GOOD


@pytest.mark.parametrize(
    ("first_success", "guess", "rating"), [(True, 0.25, HARD), (True, 0.24, GOOD), (False, 0.5, GOOD)]
)
def test_a_first_success_that_may_be_luck_is_hard(*, first_success: bool, guess: float, rating: Rating) -> None:
    assert rate(PLAIN._replace(first_success=first_success, guess=guess)) == rating


@pytest.mark.parametrize(
    ("easy", "produces", "rt_ms", "rating"),
    [(True, True, 2499, EASY), (True, True, 2500, GOOD), (True, False, 2499, GOOD), (False, True, 2499, GOOD)],
)
def test_easy_is_for_producing_fast_where_it_is_switched_on(
    *, easy: bool, produces: bool, rt_ms: int | None, rating: Rating
) -> None:
    facts = PLAIN._replace(produces=produces, rt_ms=rt_ms)

    assert rate(facts, easy=easy) == rating


def test_an_unknown_expected_time_leaves_the_pace_out() -> None:
    assert rate(PLAIN._replace(expected_ms=0)) == GOOD
