"""What was begun on an app's tables and has not ended: one small table per app, read after a crash.

MySQL commits every change of a table by itself, and dropping forty tables is no transaction anywhere. Whoever begins
such work writes it down first and strikes it out last, so that the next run knows what it finds.
"""

from enum import StrEnum
from typing import ClassVar

from django.apps.registry import Apps
from django.db import connection, models

TABLE = "unfinished_work"
#: Detail of a migration that found no tables.
FROM_EMPTY = "from empty"


class Work(StrEnum):
    LAUNCH = "launch"
    MIGRATE = "migrate"
    RETIRE = "retire"


class _Step(models.Model):
    """Something begun. Made by whoever begins, as migrations have not run yet; so it is known to no registry."""

    work = models.CharField(max_length=16)
    step = models.CharField(max_length=255)
    detail = models.TextField()

    objects: ClassVar[models.Manager["_Step"]] = models.Manager()

    class Meta:
        apps = Apps()
        app_label = "tenants"
        db_table = TABLE
        constraints = [models.UniqueConstraint(fields=["work", "step"], name="unfinished_work_once")]

    def __str__(self) -> str:
        return f"{self.work} {self.step}"


def begin(work: Work, step: str = "", detail: str = "") -> None:
    """Write down that a step begins; a step begun already keeps its first detail."""
    if not _exists():
        with connection.schema_editor() as editor:
            editor.create_model(_Step)
    _Step.objects.get_or_create(work=work, step=step, defaults={"detail": detail})


def end(work: Work) -> None:
    """Strike out a work with all its steps. Where there is none, nothing is written: not everybody may."""
    if work in list_unfinished():
        _Step.objects.filter(work=work).delete()


def find(work: Work, step: str = "") -> str | None:
    """Return the detail of a step that was begun and has not ended, or None."""
    return _Step.objects.filter(work=work, step=step).values_list("detail", flat=True).first() if _exists() else None


def list_unfinished() -> list[Work]:
    """Return the works of the current app that have not ended."""
    if not _exists():
        return []
    return [Work(work) for work in _Step.objects.order_by("work").values_list("work", flat=True).distinct()]


def _exists() -> bool:
    return TABLE in connection.introspection.table_names()
