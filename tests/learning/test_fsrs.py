"""The reference implementation, the PyPI package ``fsrs``, is the oracle of the memory model."""

from datetime import UTC, datetime, timedelta

import fsrs as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import fsrs

RATINGS = st.sampled_from((fsrs.AGAIN, fsrs.HARD, fsrs.GOOD, fsrs.EASY))
HISTORIES = st.lists(st.tuples(RATINGS, st.integers(0, 400)), min_size=1, max_size=30)
type History = list[tuple[fsrs.Rating, int]]

START = datetime(2026, 1, 1, tzinfo=UTC)


def replay(history: History) -> fsrs.State:
    (first, _), *later = history
    state = fsrs.review(None, first, 0)
    for rating, elapsed_days in later:
        state = fsrs.review(state, rating, elapsed_days)
    return state


def replay_in_oracle(history: History, retention: float = 0.9) -> tuple[oracle.Scheduler, oracle.Card, datetime]:
    """No learning steps and no fuzz: each card goes to review at once, and its interval is not randomised."""
    scheduler = oracle.Scheduler(
        desired_retention=retention, learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    card, now = oracle.Card(card_id=1, due=START), START
    for rating, elapsed_days in history:
        now += timedelta(days=elapsed_days)
        card, _ = scheduler.review_card(card, oracle.Rating(rating), now)
    return scheduler, card, now


@given(HISTORIES)
def test_it_remembers_as_the_reference_does(history: History) -> None:
    _, card, _ = replay_in_oracle(history)

    state = replay(history)

    assert state.stability == pytest.approx(card.stability, rel=1e-12)
    assert state.difficulty == pytest.approx(card.difficulty, rel=1e-12)


@given(HISTORIES, st.integers(0, 5000))
def test_it_forgets_as_the_reference_does(history: History, elapsed_days: int) -> None:
    scheduler, card, last_review = replay_in_oracle(history)

    recall = fsrs.retrievability(replay(history).stability, elapsed_days)

    later = last_review + timedelta(days=elapsed_days)
    assert recall == pytest.approx(scheduler.get_card_retrievability(card, later), rel=1e-12)


@given(HISTORIES, st.sampled_from((0.7, 0.8, 0.9, 0.95)))
def test_it_plans_the_next_review_as_the_reference_does(history: History, retention: float) -> None:
    _, card, last_review = replay_in_oracle(history, retention)

    interval = fsrs.next_interval(replay(history).stability, retention)

    assert timedelta(days=interval) == card.due - last_review


@pytest.mark.parametrize(("stability", "days"), [(1e-3, 1), (1e9, 36_500)])
def test_an_interval_is_never_under_a_day_nor_over_a_century(stability: float, days: int) -> None:
    assert fsrs.next_interval(stability, 0.9) == days


def test_stability_is_the_days_until_recall_is_ninety_percent() -> None:
    assert fsrs.retrievability(12.5, 12.5) == pytest.approx(0.9)
    assert fsrs.days_until(12.5, 0.9) == pytest.approx(12.5)


def test_a_second_review_on_the_same_day_teaches_less_than_one_on_the_next() -> None:
    first = fsrs.review(None, fsrs.GOOD, 0)

    same_day, next_day = fsrs.review(first, fsrs.GOOD, 0), fsrs.review(first, fsrs.GOOD, 1)

    assert first.stability <= same_day.stability < next_day.stability
