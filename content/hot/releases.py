"""Which release children get: one pointer, read by hot and heavy endpoints alike."""

from thin.database import Database


def find_published_number(database: Database) -> int | None:
    """Return the published release's number, or None before the first publication."""
    rows = database.select("SELECT r.number FROM {app}publications p JOIN {app}releases r ON r.id = p.release_id")
    return rows[0][0] if rows else None
