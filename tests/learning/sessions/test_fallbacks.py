import pytest

from learning.sessions.generate import generate
from learning.sessions.plan import Mix
from tests.learning.sessions.courses import (
    INDEPENDENT,
    LAST_RESORT,
    concepts_of,
    known,
    make_index,
    make_learner,
    make_plan,
)


def test_a_child_who_knows_nothing_begins_at_the_roots_with_several_looks_at_each() -> None:
    index = make_index([(), (), (0,), (1,)])

    session = generate(index, make_learner(), make_plan())

    assert concepts_of(session) == {0, 1}
    assert [item.slot for item in session].count("new") == 2
    assert len(session) >= 5


def test_with_nothing_due_or_new_it_takes_the_weakest_known() -> None:
    rows = [known(concept, stability=100 + 10 * concept) for concept in range(40)]

    session = generate(make_index(INDEPENDENT), make_learner(*rows), make_plan(size=4))

    assert concepts_of(session) == {0, 1, 2, 3}
    assert {item.reason for item in session} == {"nothing is due; among the weakest known, recall 100 %"}


def test_what_was_practised_today_fills_only_half_a_session() -> None:
    rows = [known(concept, days_ago=0) for concept in range(40)]

    session = generate(make_index(INDEPENDENT), make_learner(*rows), make_plan(size=10, mix=Mix(new_per_session=0)))

    assert len(session) == 5


@pytest.mark.parametrize(
    ("bytes_each", "concepts"), [([1, 2, 2, 1], {1, 2}), ([1, 1, 2], {0, 2}), ([1, 1, 2, 2], None)]
)
def test_new_concepts_make_room_for_looks_that_keep_the_others_apart(
    bytes_each: list[int], concepts: set[int] | None
) -> None:
    index = make_index([()] * len(bytes_each), bytes_each)

    session = generate(index, make_learner(), make_plan(size=len(bytes_each)))

    assert concepts_of(session, "new") == concepts_of(session)
    assert concepts is None or concepts_of(session) == concepts


def test_with_the_known_used_up_it_offers_what_comes_next_rather_than_nothing() -> None:
    index = make_index([(), (0,)])
    learner = make_learner(known(0, through=False))

    session = generate(index, learner, make_plan(exclude=(0, 1, 2)))

    assert (session[0].concept_id, session[0].slot, session[0].reason) == (1, "new", LAST_RESORT)
