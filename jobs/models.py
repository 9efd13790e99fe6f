"""The outbox: work that was promised in the same transaction as what caused it."""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import JSONObject

from jobs.querysets import JobQuerySet


class Job(models.Model):
    """One call of a task. Ids go in, never objects."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        DEAD = "dead"  # given up after the last attempt; kept for a person to look at

    task = models.CharField(max_length=120, help_text="Name of the Celery task")
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    headers = models.JSONField(
        default=dict,
        db_default=JSONObject(),  # code of before there were headers writes none, and may still run after migrating
        help_text="Where it comes from: the app, and the request that caused it",
    )
    status = models.CharField(max_length=16, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField(help_text="Not before; while leased, when the lease ends")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True, help_text="What the last attempt died of")

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        db_table = "jobs"
        indexes = [models.Index(fields=["status", "run_after"], name="jobs_status_run_after")]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"
