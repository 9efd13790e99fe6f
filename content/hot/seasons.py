"""Seasons of the Hijri year, by the Umm al-Qura calendar."""

from datetime import UTC, datetime, timedelta

from hijridate import Gregorian, Hijri

from thin.database import Database

RAMADAN = 9


def find_season(database: Database, *, now_ms: int, country: str) -> dict[str, str] | None:
    """Return the season that a country is in, with its first and last day, or None.

    The moon is sighted a day earlier or later in some countries; editors keep the difference in `season_offsets`. Days
    are UTC days, so a season begins some hours early or late for the child. Within the calendar's range (1343 to
    1500 AH, to 2077) only.
    """
    offset = timedelta(days=_find_offset(database, country))
    today = datetime.fromtimestamp(now_ms / 1000, UTC).date() - offset
    hijri = Gregorian.fromdate(today).to_hijri()
    if hijri.month != RAMADAN:
        return None
    first = Hijri(hijri.year, RAMADAN, 1)
    start = datetime.fromisoformat(first.to_gregorian().isoformat()).date() + offset
    end = start + timedelta(days=first.month_length() - 1)
    return {"name": "ramadan", "starts": start.isoformat(), "ends": end.isoformat()}


def _find_offset(database: Database, country: str) -> int:
    rows = database.select("SELECT days FROM {app}season_offsets WHERE country = %s", (country,))
    return rows[0][0] if rows else 0
