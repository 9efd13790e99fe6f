from hypothesis import given
from hypothesis import strategies as st

from learning.sessions.arrange import arrange, can_separate
from learning.sessions.plan import Item, Slot

ITEMS = st.lists(
    st.builds(
        Item,
        byte_id=st.integers(),
        concept_id=st.integers(0, 5),
        kind=st.sampled_from(("choose", "trace")),
        slot=st.just("review"),
        p=st.floats(0, 1),
        reason=st.just(""),
        position=st.integers(),
    ),
    max_size=10,
    unique_by=lambda item: item.byte_id,
)


def an_item(byte_id: int, *, kind: str = "choose", slot: Slot = "review", p: float = 0.8, concept: int = -1) -> Item:
    return Item(byte_id, byte_id if concept < 0 else concept, kind, slot, p, "", byte_id)


def order(*items: Item, units: dict[int, int] | None = None) -> list[int]:
    unit_of = {item.concept_id: 1 for item in items} | (units or {})
    return [item.byte_id for item in arrange(list(items), unit_of)]


def test_the_easiest_comes_first() -> None:
    assert order(an_item(1, p=0.5), an_item(2, p=0.9), an_item(3, p=0.7))[0] == 2


def test_the_next_is_of_another_kind_rather_than_easier() -> None:
    assert order(an_item(1, p=0.9), an_item(2, p=0.8), an_item(3, p=0.1, kind="trace")) == [1, 3, 2]


def test_the_next_is_of_another_unit_rather_than_easier() -> None:
    assert order(an_item(1, p=0.9), an_item(2, p=0.8), an_item(3, p=0.1), units={3: 2}) == [1, 3, 2]


def test_looks_at_one_concept_keep_their_order_and_are_spread() -> None:
    looks = [an_item(1, concept=7, p=0.5), an_item(2, concept=7, p=0.9)]

    assert order(*looks, an_item(3, p=0.1)) == [1, 3, 2]


def test_new_concepts_are_kept_apart_even_when_they_are_the_easiest() -> None:
    new = [an_item(n, slot="new", p=0.9) for n in (1, 2, 3)]

    assert order(*new, an_item(4, p=0.5), an_item(5, p=0.4)) in ([1, 4, 2, 5, 3], [1, 5, 2, 4, 3])


def test_a_new_concept_with_a_further_look_comes_first_so_that_the_look_can_separate() -> None:
    new = [an_item(1, slot="new", p=0.9), an_item(2, slot="new", p=0.5, concept=7)]

    assert order(*new, an_item(3, concept=7)) == [2, 3, 1]


def test_looks_separate_the_new_concepts_that_come_after_theirs() -> None:
    without, with_look = an_item(1, slot="new"), an_item(2, slot="new", concept=7)
    look = an_item(3, concept=7)

    assert can_separate([without, with_look, look])
    assert not can_separate([without, with_look])
    assert not can_separate([without, with_look, look], after_new=True)


@given(ITEMS)
def test_nothing_is_lost_or_added(items: list[Item]) -> None:
    arranged = arrange(items, dict.fromkeys(range(6), 1))

    assert sorted(arranged) == sorted(items)
