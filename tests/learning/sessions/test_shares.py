import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.sessions.learner import NO_RECENT, Recent
from learning.sessions.plan import Mix
from learning.sessions.shares import share_out

MIX = Mix()


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 20), st.integers(0, 20))
def test_shares_are_within_the_ranges_of_the_app_and_make_a_whole(a: int, b: int, c: int, d: int) -> None:
    shares = share_out(MIX, Recent(max(a, b), min(a, b), max(c, d), min(c, d)))

    assert sum(shares.values()) == pytest.approx(1)
    for share, (low, high) in zip(shares.values(), (MIX.new, MIX.review, MIX.challenge), strict=True):
        assert low - 1e-9 <= share <= high + 1e-9


@pytest.mark.parametrize(("correct", "challenge"), [(59, 0.10), (60, 0.15), (85, 0.15), (86, 0.20)])
def test_the_better_the_answers_the_more_challenge(correct: int, challenge: float) -> None:
    assert share_out(MIX, Recent(100, correct))["challenge"] == pytest.approx(challenge)


def test_a_few_answers_say_nothing_yet() -> None:
    assert share_out(MIX, Recent(9, 9)) == share_out(MIX, NO_RECENT)


def test_struggling_on_challenges_means_more_review() -> None:
    struggling, usual = share_out(MIX, Recent(100, 80, 10, 3)), share_out(MIX, Recent(100, 80))

    assert struggling["review"] > usual["review"]
    assert struggling["challenge"] < usual["challenge"]


def test_excelling_on_challenges_means_more_challenge() -> None:
    excelling, usual = share_out(MIX, Recent(100, 80, 10, 8)), share_out(MIX, Recent(100, 80))

    assert excelling["challenge"] > usual["challenge"]


def test_two_challenges_are_too_few_to_judge_by() -> None:
    assert share_out(MIX, Recent(100, 80, 2, 0)) == share_out(MIX, Recent(100, 80))
