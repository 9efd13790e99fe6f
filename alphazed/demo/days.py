"""The week of the story: seven local days that end today."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAYS = 7
#: A child's day begins at four in the morning, as the server counts.
DAWN = time(4)
LESSON_TIME = time(17)
LESSON_LASTS = timedelta(minutes=20)
#: So many answers fit into one day's lesson time.
MOMENTS = 60


class StoryDay(NamedTuple):
    """One day, with the time in which its lesson is taken."""

    number: int  # from 1
    date: date
    begins: datetime
    ends: datetime

    def moment(self, place: int) -> datetime:
        """Return when the answer at a place of the day, from 0, was given."""
        return self.begins + (self.ends - self.begins) * (place + 1) / (MOMENTS + 1)


def lay_out_week(now: datetime, zone: ZoneInfo) -> list[StoryDay]:
    """Return the days from six days ago to today, where a zone's child lives.

    Lessons are at five in the afternoon; today's has just ended, and began no earlier than the day itself.
    """
    local = now.astimezone(zone)
    today = (local - timedelta(hours=DAWN.hour)).date()
    days = []
    for number in range(1, DAYS):
        day = today - timedelta(days=DAYS - number)
        begins = datetime.combine(day, LESSON_TIME, zone)
        days.append(StoryDay(number, day, begins, begins + LESSON_LASTS))
    dawn = datetime.combine(today, DAWN, zone)
    return [*days, StoryDay(DAYS, today, max(dawn, local - LESSON_LASTS), local)]


def to_rfc3339(moment: datetime) -> str:
    """Write an instant as the API takes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def utc_offset_min(moment: datetime) -> int:
    """Return how many minutes east of UTC the clock stood."""
    offset = moment.utcoffset()
    return int(offset.total_seconds() // 60) if offset else 0
