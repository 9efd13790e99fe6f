"""The simulated child: the same each time, forgetful, and graded as a phone grades."""

from typing import Any

import pytest

from alphazed.demo.child import SUREST, Child, is_right
from alphazed.demo.library import Exercise

CHOICE = {"text": "أرنب", "choices": ["🐇", "🍋", "🐑", "🛏️"], "answer": 0}


def exercise(payload: dict[str, Any], concept: int = 1, kind: str = "choose_picture") -> Exercise:
    return Exercise(id=concept, concept_id=concept, kind=kind, expected_ms=6000, guess=0.25, payload=payload)


def share_of_right(child: Child, day: float, concepts: range) -> float:
    outcomes = [child.answer(exercise(CHOICE, concept), day).outcome for concept in concepts]
    return outcomes.count("correct") / len(outcomes)


def test_the_same_seed_gives_the_same_answers() -> None:
    first, second = (
        [child.answer(exercise(CHOICE, concept), day) for day in (1, 2, 5) for concept in range(20)]
        for child in (Child("Salma"), Child("Salma"))
    )

    assert first == second


def test_another_seed_gives_another_child() -> None:
    first, second = (
        [child.answer(exercise(CHOICE, concept), 1.0) for concept in range(20)]
        for child in (Child("Salma"), Child("Yusuf"))
    )

    assert first != second


def test_it_recalls_nothing_that_it_has_never_seen() -> None:
    assert Child("Salma").recall(1, 1.0) == 0.0


def test_it_forgets_as_days_go_by() -> None:
    child = Child("Salma")
    child.answer(exercise(CHOICE), 1.0)

    recalls = [child.recall(1, day) for day in (1.0, 2.0, 4.0, 30.0)]

    assert recalls[0] == SUREST
    assert recalls == sorted(recalls, reverse=True)
    assert recalls[-1] < 0.1


def test_practice_makes_it_forget_more_slowly() -> None:
    once, often = Child("Salma"), Child("Salma")
    meeting = exercise({"text": "أرنب"}, kind="meet")
    once.answer(meeting, 1.0)
    for day in (1.0, 3.0, 5.0):
        often.answer(meeting, day)

    assert often.recall(1, 9.0) > once.recall(1, 5.0)


def test_it_is_right_far_more_often_about_what_it_knows() -> None:
    child = Child("Salma")
    fresh = share_of_right(child, 1.0, range(300))

    forgotten = share_of_right(child, 60.0, range(300))

    assert fresh > 0.9
    assert 0.15 < forgotten < 0.5


def test_it_only_looks_at_what_asks_nothing() -> None:
    attempt = Child("Salma").answer(exercise({"text": "أرنب"}, kind="meet"), 1.0)

    assert attempt.outcome == "exposed"
    assert attempt.pick == ()
    assert attempt.rt_ms > 0


@pytest.mark.parametrize(
    ("pick", "right"),
    [((2, 0, 1, 3), True), ((2, 3, 1, 0), True), ((0, 1, 2, 3), False), ((), False)],
)
def test_what_is_built_is_compared_not_which_of_two_equal_pieces_stands_where(
    pick: tuple[int, ...],
    right: bool,  # noqa: FBT001 - a column of the table
) -> None:
    payload = {"pieces": ["ب", "د", "ن", "ب"], "order": [2, 0, 1, 3]}

    assert is_right(payload, pick) is right


@pytest.mark.parametrize(("pick", "right"), [((0,), True), ((3,), False), ((), False)])
def test_a_choice_is_right_or_wrong(pick: tuple[int, ...], right: bool) -> None:  # noqa: FBT001 - a column of the table
    assert is_right(CHOICE, pick) is right
