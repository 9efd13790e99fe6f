"""What was begun on an app's tables and has not ended: one small table per app, read after a crash.

MySQL commits every change of a table by itself, and dropping forty tables is no transaction anywhere. Whoever begins
such work writes it down first and strikes it out last, so that the next run knows what it finds.
"""

from enum import StrEnum

from django.db import connection

TABLE = "unfinished_work"
#: Detail of a migration that found no tables.
FROM_EMPTY = "from empty"


class Work(StrEnum):
    LAUNCH = "launch"
    MIGRATE = "migrate"
    RETIRE = "retire"


def begin(work: Work, step: str = "", detail: str = "") -> None:
    """Write down that a step begins; a step begun already keeps its first detail."""
    with connection.cursor() as cursor:
        if not _exists():
            cursor.execute(
                "CREATE TABLE IF NOT EXISTS {app}unfinished_work ("
                "work varchar(16) NOT NULL, step varchar(255) NOT NULL, detail text NOT NULL, PRIMARY KEY (work, step))"
            )
        if find(work, step) is None:
            cursor.execute(
                "INSERT INTO {app}unfinished_work (work, step, detail) VALUES (%s, %s, %s)", (work, step, detail)
            )


def end(work: Work) -> None:
    """Strike out a work with all its steps. Where there is none, nothing is written: not everybody may."""
    if work in list_unfinished():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM {app}unfinished_work WHERE work = %s", (work,))


def find(work: Work, step: str = "") -> str | None:
    """Return the detail of a step that was begun and has not ended, or None."""
    if not _exists():
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail FROM {app}unfinished_work WHERE work = %s AND step = %s", (work, step))
        row = cursor.fetchone()
    return row and str(row[0])


def list_unfinished() -> list[Work]:
    """Return the works of the current app that have not ended."""
    if not _exists():
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT work FROM {app}unfinished_work ORDER BY work")
        return [Work(work) for (work,) in cursor.fetchall()]


def _exists() -> bool:
    return TABLE in connection.introspection.table_names()
