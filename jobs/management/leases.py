"""Keep a job's lease for as long as the job runs."""

import logging
import os
from contextlib import contextmanager
from contextvars import copy_context
from threading import Event, Thread
from typing import TYPE_CHECKING

from django.db import DatabaseError, connection
from django.utils import timezone

from jobs.services import renew_lease

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from jobs.models import Job

logger = logging.getLogger(__name__)

#: Times that a lease is renewed before it would end, if all goes well.
RENEWALS = 10


@contextmanager
def kept(job: "Job") -> "Iterator[None]":
    """Renew a job's lease while the block runs; a process that cannot is ended before the lease is.

    Whoever takes the job next then finds nobody at work on it: the transaction at hand is rolled back, and what was
    committed must bear a second run, as after any crash. On SQLite one transaction that writes for longer than a lease
    comes to this end, since nobody can write beside it. Left open: a process that was suspended past its lease runs on
    for the moment until this thread is scheduled.
    """
    done = Event()
    keeper = Thread(target=copy_context().run, args=(_keep, job, done), name=f"lease of {job}", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(job: "Job", done: Event) -> None:
    pause = (job.run_after - timezone.now()) / RENEWALS
    try:
        while not done.wait(pause.total_seconds()):
            _renew_or_end(job, pause)
    finally:
        connection.close()  # this thread's own


def _renew_or_end(job: "Job", pause: "timedelta") -> None:
    # A renewal may wait for the database about as long as a pause is, so the last chance is two pauses before the end.
    if timezone.now() >= job.run_after - 2 * pause:
        logger.critical("the lease of a job is about to end: this worker ends first", extra={"job": job.pk})
        os._exit(os.EX_TEMPFAIL)
    try:
        renew_lease(job, now=timezone.now())
    except DatabaseError:
        logger.warning("a lease could not be renewed", exc_info=True, extra={"job": job.pk})
        connection.close()
