"""Take away everything that an app has: tables, MySQL account, files, cache entries, and last its journal."""

from collections.abc import Callable

from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.db import connection

from tenants import grants, journal
from tenants.backends.names import to_physical
from tenants.exports.files import remove_files

#: Told what is being worked on, how much of it is done, and how much there is.
type Progress = Callable[[str, int, int], None]


def dismantle(progress: Progress) -> int:
    """Leave nothing of the current app but its file in the registry; return the number of tables dropped.

    A process that is killed leaves the journal, which tells the next one to go on.
    """
    dropped = drop_tables(progress)
    remove_rest()
    return dropped


def drop_tables(progress: Progress) -> int:
    """Drop the current app's tables but for the journal, one by one; return how many."""
    tables = [table for table in connection.introspection.table_names() if table != journal.TABLE]
    # SQLite obeys this outside a transaction only: whoever is in one has to have said it before.
    with connection.constraint_checks_disabled():
        for number, table in enumerate(tables, 1):
            _drop(table)
            progress("tables dropped", number, len(tables))
    return len(tables)


def remove_rest() -> None:
    """Remove what is not tables, and then the journal's."""
    if grants.are_used():
        grants.drop_account()
    remove_files()
    # An app that is launched under this name one day must not be shown what this one had.
    cache.clear()
    ContentType.objects.clear_cache()
    _drop(journal.TABLE)


def _drop(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(to_physical(table))}")
