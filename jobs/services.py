"""The one door to work that outlives a request, and what the worker does behind it."""

import traceback
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from celery import current_app
from celery.app.trace import build_tracer
from django.utils import timezone

from jobs.models import Job
from tenants import current
from thin import origin

if TYPE_CHECKING:
    from collections.abc import Callable

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 5


def enqueue(task: str, *, delay: timedelta = timedelta(0), **arguments: Any) -> Job:  # noqa: ANN401 - JSON values
    """Promise a call of a task by its name; it runs if, and only if, the surrounding transaction commits."""
    run_after = timezone.now() + delay
    job: Job = Job.objects.create(task=task, arguments=arguments, headers=origin.make_headers(), run_after=run_after)
    return job


def lease_job(*, now: datetime) -> Job | None:
    """Take the next due job for `LEASE`; None when there is nothing to do.

    A worker that dies lets its lease run out, and the job is taken again: tasks may run twice and must bear it.
    """
    job: Job
    for job in Job.objects.due(now).order_by("run_after", "pk")[:10]:
        # Conditional, not locked: of two workers that saw the same job only one still finds it as it was.
        taken = Job.objects.filter(pk=job.pk, status=Job.Status.WAITING, run_after=job.run_after, attempts=job.attempts)
        if job.attempts >= MAX_ATTEMPTS:
            # Its last worker never came back to say how it ended; without an end it would take one down after another.
            taken.update(status=Job.Status.DEAD, finished_at=now, error=f"no worker survived it\n{job.error}")
        elif taken.update(run_after=now + LEASE, attempts=job.attempts + 1):
            job.attempts, job.run_after = job.attempts + 1, now + LEASE
            return job
    return None


def renew_lease(job: Job, *, now: datetime) -> bool:
    """Keep a leased job for another `LEASE`; return False when it has ended, or is another worker's by now."""
    ours = Job.objects.filter(pk=job.pk, status=Job.Status.WAITING, attempts=job.attempts, run_after=job.run_after)
    renewed = bool(ours.update(run_after=now + LEASE))
    if renewed:
        job.run_after = now + LEASE
    return renewed


def run_job(job: Job, *, clock: "Callable[[], datetime]" = timezone.now) -> bool:
    """Run a leased job in the name of its request and write down how it ended; return whether it succeeded."""
    owner = job.headers.get("app", current.get().name)  # rows from before there were headers have none
    if owner != current.get().name:
        # Restored or copied: its ids mean other rows here, today and after every back-off.
        error = f"this job belongs to {owner!r} and was not run in {current.get().name!r}"
        _finish(job, status=Job.Status.DEAD, finished_at=clock(), error=error)
        return False
    with origin.named(job.headers.get("request_id", "")):
        error = _trace(job)
    ended = clock()
    if not error:
        _finish(job, status=Job.Status.DONE, finished_at=ended, error="")
    elif job.attempts >= MAX_ATTEMPTS:
        _finish(job, status=Job.Status.DEAD, finished_at=ended, error=error)
    else:
        _finish(job, run_after=ended + timedelta(seconds=5 * 4**job.attempts), error=error)
    return not error


def _finish(job: Job, **changes: Any) -> None:  # noqa: ANN401 - fields of Job
    # Only as long as the lease is ours: a job that took too long belongs to the worker that took it over.
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(**changes)


def _trace(job: Job) -> str:
    """Run the task as a Celery worker would; return the traceback it ended with, or nothing."""
    if job.task not in current_app.tasks:
        current_app.loader.import_default_modules()  # not for each job: it runs Django's checks as well
    task = current_app.tasks.get(job.task)
    if task is None:
        return f"no task is called {job.task!r}"
    request = {
        "id": f"{current.get().name}-{job.pk}",
        "args": [],
        "kwargs": job.arguments,
        "retries": job.attempts - 1,
        "is_eager": True,  # a task that asks for a retry fails, and waits here: there is no broker to send it to
    }
    tracer = build_tracer(task.name, task, app=current_app, eager=True, propagate=False)
    outcome = tracer(request["id"], [], job.arguments, request)
    info = outcome.info
    return "" if info is None else "".join(traceback.format_exception(info.retval)) or info.state


def retry_job(job_id: int, *, now: datetime) -> bool:
    """Put a dead job back in line with all its attempts; return False when it is not, or no longer, dead."""
    # Conditional: of two people who retry it at once only one still finds it dead.
    dead = Job.objects.filter(pk=job_id, status=Job.Status.DEAD)
    return bool(dead.update(status=Job.Status.WAITING, attempts=0, run_after=now, finished_at=None))
