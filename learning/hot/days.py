"""Local days: the child's own, counted from 1970-01-01 and beginning at four in the morning.

Four o'clock as in Anki: a bedtime lesson after midnight still belongs to the day before.
"""

from collections.abc import Iterable
from typing import Final

MS_PER_MINUTE: Final = 60_000
MS_PER_DAY: Final = 86_400_000
ROLLOVER_MS: Final = 4 * 3_600_000

# The proleptic Gregorian calendar repeats every 400 years; counting from a 1 March puts the leap day last.
_DAYS_FROM_YEAR_ZERO: Final = 719_468
_DAYS_PER_ERA: Final = 146_097
_OCTOBER: Final = 10


def local_day(at_ms: int, utc_offset_min: int) -> int:
    """Return the local day of an instant, given in milliseconds since 1970 UTC, at an offset east of UTC."""
    return (at_ms + utc_offset_min * MS_PER_MINUTE - ROLLOVER_MS) // MS_PER_DAY


def day_to_date(day: int) -> str:
    """Return a local day as a date such as "2026-11-23".

    The algorithm is Howard Hinnant's civil_from_days (https://howardhinnant.github.io/date_algorithms.html): it spares
    a cold start the import of datetime.
    """
    era, day_of_era = divmod(day + _DAYS_FROM_YEAR_ZERO, _DAYS_PER_ERA)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    months_since_march = (5 * day_of_year + 2) // 153
    day_of_month = day_of_year - (153 * months_since_march + 2) // 5 + 1
    before_new_year = months_since_march < _OCTOBER
    month = months_since_march + (3 if before_new_year else -9)
    year = era * 400 + year_of_era + (0 if before_new_year else 1)
    return f"{year:04d}-{month:02d}-{day_of_month:02d}"


def streak(days: Iterable[int], today: int) -> int:
    """Return how many days in a row have an answer, up to today or, while today's is still to come, yesterday.

    The last day may also be tomorrow: a child who flew west has already been credited with it.
    """
    credited = set(days)
    last = max(credited, default=0)
    if last < today - 1:
        return 0
    first = last
    while first - 1 in credited:
        first -= 1
    return last - first + 1
