"""The week is laid so that the server counts seven days, wherever the child lives and whenever the demo runs."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from alphazed.demo.days import MOMENTS, lay_out_week, to_rfc3339, utc_offset_min
from learning.hot.days import local_day

ZONES = ["Asia/Riyadh", "America/Toronto", "Pacific/Kiritimati", "Asia/Kathmandu"]
MOMENTS_OF_RUNNING = [
    datetime(2026, 11, 23, 20, 55, tzinfo=UTC),
    datetime(2026, 11, 23, 1, 0, 1, tzinfo=UTC),  # a second after dawn in Riyadh
    datetime(2026, 11, 4, 12, 0, tzinfo=UTC),  # three days after Toronto has put its clocks back
    datetime(2027, 3, 15, 8, 0, 5, tzinfo=UTC),  # dawn in Toronto, the day after it has put them forward
]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("now", MOMENTS_OF_RUNNING)
def test_its_lessons_fall_on_seven_days_in_a_row_up_to_today(zone: str, now: datetime) -> None:
    week = lay_out_week(now, ZoneInfo(zone))

    moments = [[day.moment(place) for place in range(MOMENTS)] for day in week]
    days = [{_local_day(moment) for moment in day} for day in moments]
    today = _local_day(now.astimezone(ZoneInfo(zone)))
    assert days == [{today - back} for back in range(6, -1, -1)]
    assert max(max(day) for day in moments) <= now


def test_times_are_written_as_the_api_takes_them() -> None:
    moment = datetime(2026, 11, 23, 23, 5, 0, 250_000, tzinfo=ZoneInfo("Asia/Riyadh"))

    assert to_rfc3339(moment) == "2026-11-23T20:05:00.250Z"
    assert utc_offset_min(moment) == 180


def _local_day(moment: datetime) -> int:
    return local_day(int(moment.timestamp() * 1000), utc_offset_min(moment))
