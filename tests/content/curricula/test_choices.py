import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.curricula.choices import choose, sample, scramble

PIECES = st.lists(st.sampled_from("ابتثج"), min_size=2, max_size=12).filter(lambda pieces: len(set(pieces)) > 1)


def test_the_draw_is_the_same_for_ever() -> None:
    assert sample("letter/alef", "abcdef", 3) == ["c", "e", "f"]


def test_it_draws_no_more_than_there_are() -> None:
    assert sorted(sample("letter/alef", "ab", 9)) == ["a", "b"]


@given(key=st.text(), others=st.lists(st.integers(1, 99), unique=True, min_size=1))
def test_the_right_one_stands_where_the_answer_points(key: str, others: list[int]) -> None:
    choices, answer = choose(key, 0, others)

    assert choices[answer] == 0
    assert len(choices) == len(set(choices)) == min(4, 1 + len(others))


@given(key=st.text(), pieces=PIECES)
def test_scrambled_pieces_never_read_as_before_and_can_be_put_in_order(key: str, pieces: list[str]) -> None:
    scrambled, order = scramble(key, pieces)

    assert scrambled != pieces
    assert [scrambled[index] for index in order] == pieces


def test_pieces_that_are_all_alike_cannot_be_scrambled() -> None:
    with pytest.raises(ValueError, match="no order"):
        scramble("word/papa", ["ب", "ب"])
