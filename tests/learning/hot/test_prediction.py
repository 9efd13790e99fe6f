import pytest

from learning.hot.prediction import predict


def test_ability_equal_to_difficulty_leaves_recall() -> None:
    assert predict(0.7, 0.0, 1.2, 1.2) == pytest.approx(0.7)


def test_a_guess_fills_part_of_what_is_not_recalled() -> None:
    assert predict(0.6, 0.25, 0.0, 0.0) == pytest.approx(0.25 + 0.75 * 0.6)


@pytest.mark.parametrize(("recall", "clipped"), [(0.0, 0.02), (1.0, 0.98)])
def test_recall_is_never_certain(recall: float, clipped: float) -> None:
    assert predict(recall, 0.0, 0.0, 0.0) == pytest.approx(clipped)


def test_ability_helps_and_difficulty_hinders() -> None:
    assert predict(0.6, 0.1, 1.0, 0.0) > predict(0.6, 0.1, 0.0, 0.0) > predict(0.6, 0.1, 0.0, 1.0)
