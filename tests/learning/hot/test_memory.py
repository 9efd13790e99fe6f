import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import fsrs
from learning.hot.memory import AnswerRow, Memory, accuracy, band, due_day, replay, unlocked_until_day
from learning.hot.ratings import Outcome

DAY = 20_780

ROWS = st.builds(
    AnswerRow,
    client_id=st.uuids().map(str),
    byte_id=st.integers(1, 3),
    outcome=st.sampled_from(("correct", "wrong", "skipped", "exposed")),
    rt_ms=st.none() | st.integers(0, 70_000),
    hints=st.integers(0, 3),
    answered_ms=st.integers(0, 5),
    device_seq=st.integers(0, 3),
    local_day=st.integers(DAY, DAY + 40),
    expected_ms=st.integers(1000, 20_000),
    guess=st.sampled_from((0.0, 0.25, 0.5)),
)
ANSWERS = st.lists(ROWS, min_size=1, max_size=12, unique_by=lambda row: row.client_id)


def answer(
    day: int, outcome: Outcome = "correct", *, seq: int = 0, byte_id: int = 1, guess: float = 0.0, hints: int = 0
) -> AnswerRow:
    """An answer at noon of a local day, of neither slow nor fast pace."""
    return AnswerRow(f"{day}/{seq}", byte_id, outcome, 4000, hints, day * 1000 + seq, seq, day, 5000, guess)


def answers(wrong_first: int, correct: int, wrong_last: int = 0, *, every_days: int = 1) -> list[AnswerRow]:
    """Answers of successive days: wrong ones, then correct ones, then wrong ones again."""
    outcomes: list[Outcome] = ["wrong"] * wrong_first
    outcomes += ["correct"] * correct
    outcomes += ["wrong"] * wrong_last
    return [answer(DAY + i * every_days, outcome) for i, outcome in enumerate(outcomes)]


def remember(rows: list[AnswerRow]) -> Memory:
    memory = replay(rows)
    assert memory is not None
    return memory


@given(ANSWERS, st.data())
def test_any_order_and_any_repeated_delivery_give_the_same_memory(rows: list[AnswerRow], data: st.DataObject) -> None:
    delivered = data.draw(st.permutations([*rows, *data.draw(st.lists(st.sampled_from(rows)))]))

    assert replay(delivered) == replay(rows)


@given(ANSWERS)
def test_a_memory_is_made_of_graded_attempts_only(rows: list[AnswerRow]) -> None:
    graded = [row for row in rows if row.outcome != "exposed"]

    memory = replay(rows)

    assert (memory is None) == (not graded)
    if memory is not None:
        assert memory._replace(exposures=0) == replay(graded)
        assert memory.reps + memory.exposures == len(rows)
        assert memory.correct + sum(row.outcome in ("wrong", "skipped") for row in graded) == memory.reps


def test_nothing_answered_leaves_no_memory() -> None:
    assert replay([]) is None


def test_the_first_attempt_of_a_day_is_long_term_and_the_next_settles_it() -> None:
    rows = [answer(DAY), answer(DAY + 5), answer(DAY + 5, "wrong", seq=1)]

    memory = remember(rows)

    state = fsrs.review(fsrs.review(fsrs.review(None, fsrs.GOOD, 0), fsrs.GOOD, 5), fsrs.AGAIN, 0)
    assert memory[:2] == state
    assert (memory.first_day, memory.last_day) == (DAY, DAY + 5)


def test_a_day_that_falls_back_counts_as_the_same_day() -> None:
    rows = [answer(DAY + 1), answer(DAY, seq=5000)]

    memory = remember(rows)

    assert memory.stability == fsrs.review(fsrs.review(None, fsrs.GOOD, 0), fsrs.GOOD, 0).stability
    assert memory.last_day == DAY + 1


def test_only_the_first_success_can_be_luck() -> None:
    rows = [answer(DAY, "wrong"), answer(DAY + 1, guess=0.5), answer(DAY + 2, guess=0.5)]

    memory = remember(rows)

    state = fsrs.review(fsrs.review(fsrs.review(None, fsrs.AGAIN, 0), fsrs.HARD, 1), fsrs.GOOD, 1)
    assert memory[:2] == state


def test_accuracy_is_correct_among_graded() -> None:
    memory = remember([answer(DAY), answer(DAY + 1, "skipped"), answer(DAY + 2, "wrong"), answer(DAY + 3, "exposed")])

    assert accuracy(memory) == pytest.approx(1 / 3)


@pytest.mark.parametrize("retention", [0.8, 0.9])
def test_it_is_due_when_recall_has_fallen_to_what_the_app_aims_at(retention: float) -> None:
    memory = remember(answers(0, 3, every_days=4))

    elapsed = due_day(memory, retention) - memory.last_day

    assert fsrs.retrievability(memory.stability, elapsed) == pytest.approx(retention, abs=0.01)


def test_it_is_unlocked_through_until_recall_falls_under_seventy_percent() -> None:
    memory = remember(answers(0, 2))

    elapsed = unlocked_until_day(memory) - memory.last_day

    assert fsrs.retrievability(memory.stability, elapsed) >= 0.7 > fsrs.retrievability(memory.stability, elapsed + 1)


@pytest.mark.parametrize(
    ("second", "unlocked"),
    [
        (answer(DAY, seq=1), False),
        (answer(DAY, seq=1, byte_id=2), True),
        (answer(DAY + 1), True),
        (answer(DAY + 1, hints=2), False),
        (answer(DAY + 1, "wrong"), False),
    ],
)
def test_unlocking_takes_two_successes_on_different_days_or_bytes(*, second: AnswerRow, unlocked: bool) -> None:
    memory = remember([answer(DAY), second])

    assert (unlocked_until_day(memory) > 0) == unlocked


def test_a_memory_of_less_than_two_days_unlocks_nothing() -> None:
    memory = remember([answer(DAY, "wrong"), answer(DAY, seq=1), answer(DAY, seq=2, byte_id=2)])

    assert memory.varied_successes == 2
    assert memory.stability < 2
    assert unlocked_until_day(memory) == 0


@pytest.mark.parametrize(
    ("correct", "wrong", "expected"),
    [
        (59, 41, "beginner"),
        (60, 40, "intermediate"),
        (85, 15, "intermediate"),
        (86, 14, "advanced"),
        (95, 5, "advanced"),
    ],
)
def test_bands_follow_accuracy(correct: int, wrong: int, expected: str) -> None:
    memory = remember(answers(0, correct, wrong))

    assert band(memory, DAY + 1000) == expected


def test_mastered_is_more_than_95_percent_held_for_thirty_days() -> None:
    memory = remember(answers(1, 20))

    assert memory.accurate_since_day == DAY + 20
    assert band(memory, DAY + 49) == "advanced"
    assert band(memory, DAY + 50) == "mastered"


def test_a_mistake_that_breaks_95_percent_ends_the_holding() -> None:
    memory = remember(answers(0, 10, 1))

    assert memory.accurate_since_day == 0
    assert band(memory, DAY + 1000) == "advanced"


def test_one_right_answer_never_checked_again_is_not_mastered() -> None:
    memory = remember([answer(DAY)])

    assert band(memory, DAY + 1000) == "advanced"
