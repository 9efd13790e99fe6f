"""Run the jobs of the pinned app, or of every app in turn."""

import logging
import os
import signal
import time
from argparse import ArgumentParser
from typing import Any, override

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.utils import timezone

from jobs.management.leases import kept
from jobs.models import Job
from jobs.services import lease_job, run_job
from tenants import current
from tenants.registry.app import App
from tenants.registry.catalogue import list_apps

logger = logging.getLogger(__name__)

IDLE_S = 1.0


class Command(BaseCommand):
    help = "Run the jobs waiting in the outbox, until stopped; --once stops when nothing is due."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")
        parser.add_argument("--with-parent", action="store_true", help="stop when the process that started it is gone")

    @override
    def handle(self, *args: Any, once: bool, with_parent: bool, **options: Any) -> None:
        app = current.find()
        apps = [app] if app else list(list_apps().values())
        parent = os.getppid()
        if not once:
            self._stop_between_jobs()
        while not self._stopping and not (with_parent and os.getppid() != parent):
            # A list, not a generator: every app gets its turn before the first gets its second.
            worked = [self._try(app) for app in apps]
            if not any(worked):
                if once:
                    return
                time.sleep(IDLE_S)

    _stopping = False

    def _stop_between_jobs(self) -> None:
        """Let a stop wait for the job at hand, which would otherwise wait for its lease to run out."""

        def stop(*_: object) -> None:
            self._stopping = True

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)

    def _try(self, app: App) -> bool:
        """Work for an app; a database that fails for one app must end neither the others' work nor the worker."""
        try:
            return self._work(app)
        except DatabaseError:
            logger.exception("no job could be taken", extra={"app": app.name})
            connection.close()
            return False

    def _work(self, app: App) -> bool:
        """Run one due job of an app; return whether there was one."""
        with current.use(app):
            job = lease_job(now=timezone.now())
            if job is None:
                return False
            with kept(job):
                succeeded = run_job(job)
            self.stdout.write(f"{app.name}: job {job.pk} {job.task} {'done' if succeeded else 'failed'}")
            if not succeeded:
                self.stderr.write(Job.objects.get(pk=job.pk).error.strip().rsplit("\n", 1)[-1])
            return True
