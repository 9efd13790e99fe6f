from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.hot.days import day_to_date, local_day, streak

EPOCH = date(1970, 1, 1)
TODAY = 20_780


def milliseconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


@pytest.mark.parametrize(
    ("at", "offset_min", "day"),
    [
        ("2026-11-23T04:00:00+00:00", 0, "2026-11-23"),
        ("2026-11-23T03:59:59+00:00", 0, "2026-11-22"),
        ("2026-11-23T00:59:00+03:00", 180, "2026-11-22"),
        ("2026-11-23T04:00:00+03:00", 180, "2026-11-23"),
        ("2026-11-23T03:59:00-05:30", -330, "2026-11-22"),
    ],
)
def test_a_day_begins_at_four_in_the_morning_where_the_child_is(at: str, offset_min: int, day: str) -> None:
    assert day_to_date(local_day(milliseconds(at), offset_min)) == day


@given(st.integers(-100_000, 2_900_000))
def test_dates_are_those_of_the_standard_library(day: int) -> None:
    assert day_to_date(day) == (EPOCH + timedelta(days=day)).isoformat()


def test_a_local_day_is_counted_from_1970() -> None:
    noon = datetime(1970, 1, 2, 12, tzinfo=UTC)

    assert local_day(int(noon.timestamp() * 1000), 0) == 1


@pytest.mark.parametrize(
    ("days", "length"),
    [
        ([], 0),
        ([TODAY], 1),
        ([TODAY - 1], 1),
        ([TODAY - 2], 0),
        ([TODAY, TODAY, TODAY - 1, TODAY - 2], 3),
        ([TODAY, TODAY - 2, TODAY - 3], 1),
        ([TODAY - 1, TODAY - 2], 2),
    ],
)
def test_a_streak_counts_days_in_a_row_up_to_today_or_yesterday(days: list[int], length: int) -> None:
    assert streak(days, TODAY) == length


def test_flying_west_takes_no_day_away() -> None:
    credited = [TODAY - 1, TODAY, TODAY + 1]

    assert streak(credited, TODAY) == 3
