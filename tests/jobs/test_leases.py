"""One job, one worker: a lease lasts as long as its job, and a worker without one is gone."""

import os
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from jobs.management import leases
from jobs.management.leases import kept
from jobs.models import Job
from jobs.services import LEASE, enqueue, lease_job, renew_lease, run_job
from tenants import current
from tenants.registry.app import App
from tests.jobs.processes import start_worker
from tests.jobs.workers import wait_until

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
#: Of the workers in processes of their own: long enough for a busy machine to renew it in time.
LEASE_S = 3.0


def lease(at: datetime) -> Job:
    job = lease_job(now=at)
    assert job is not None
    return job


def names_of_threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


@pytest.fixture
def job(in_amal: App, db: None) -> Job:
    """A job that was leased at noon."""
    enqueued = enqueue("tests.processes.sleep", seconds=0)
    Job.objects.filter(pk=enqueued.pk).update(run_after=NOON)
    return lease(NOON)


def test_a_renewed_lease_is_nobody_elses_for_as_long_again(job: Job) -> None:
    later = NOON + LEASE - timedelta(seconds=1)

    assert renew_lease(job, now=later)

    assert lease_job(now=later + LEASE - timedelta(seconds=1)) is None
    assert lease(later + LEASE).attempts == 2


def test_a_lease_is_renewed_again_and_again(job: Job) -> None:
    assert [renew_lease(job, now=NOON + number * LEASE / 2) for number in range(1, 5)] == [True] * 4


def test_another_workers_lease_is_not_renewed(job: Job) -> None:
    owner = lease(NOON + LEASE)

    assert not renew_lease(job, now=NOON + LEASE)
    assert Job.objects.get().run_after == owner.run_after


def test_what_has_ended_is_not_leased_again_by_a_late_renewal(job: Job) -> None:
    """A renewal may cross the end of its job; the back-off of one that failed must stay as it is."""
    job.task = "tests.of_tomorrow"
    run_job(job, clock=lambda: NOON)
    backed_off = Job.objects.get().run_after

    assert not renew_lease(job, now=NOON)
    assert Job.objects.get().run_after == backed_off


def test_a_back_off_is_counted_from_the_end_of_the_job(job: Job) -> None:
    job.task = "tests.of_tomorrow"
    ended = NOON + timedelta(hours=2)

    run_job(job, clock=lambda: ended)

    assert Job.objects.get().run_after == ended + timedelta(seconds=20)
    assert lease_job(now=ended) is None


def test_nobody_takes_a_job_that_runs_for_longer_than_a_lease(
    transactional_db: None, in_amal: App, tmp_path: Path
) -> None:
    enqueue("tests.processes.sleep", seconds=1.5 * LEASE_S)
    taken_away = []

    with start_worker(tmp_path, "amal", LEASE_S) as worker:
        wait_until(lambda: Job.objects.get().attempts == 1)
        while worker.poll() is None:
            taken_away.append(lease_job(now=timezone.now()))

    assert worker.returncode == 0
    assert set(taken_away) == {None}
    assert (Job.objects.get().status, Job.objects.get().attempts) == ("done", 1)


def test_a_worker_that_loses_its_lease_ends_before_another_may_begin(
    transactional_db: None, in_amal: App, tmp_path: Path
) -> None:
    enqueue("tests.processes.lose_lease")

    with start_worker(tmp_path, "amal", LEASE_S) as worker:
        _, log = worker.communicate(timeout=60)

    assert worker.returncode == os.EX_TEMPFAIL
    assert "CRITICAL [amal -] jobs.management.leases: the lease of a job is about to end" in log
    assert timezone.now() < Job.objects.get().run_after


def test_a_database_that_is_away_for_a_moment_costs_no_lease(
    job: Job, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object, **__: object) -> bool:
        raise OperationalError("gone away")

    monkeypatch.setattr(leases, "renew_lease", fail)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction
    job.run_after = timezone.now() + LEASE

    leases._renew_or_end(job, LEASE / 10)

    assert "gone away" in caplog.text


def test_the_thread_that_keeps_a_lease_ends_with_the_job(job: Job) -> None:
    job.run_after = timezone.now() + LEASE
    with kept(job):
        during = names_of_threads()

    assert f"lease of {job}" in during
    assert f"lease of {job}" not in names_of_threads()


def test_a_job_is_kept_in_the_app_of_its_worker(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    apps: list[str] = []
    monkeypatch.setattr(leases, "_renew_or_end", lambda *_: apps.append(current.get().name))
    job.run_after = timezone.now() + timedelta(seconds=0.1)

    with kept(job):
        wait_until(lambda: bool(apps))

    assert set(apps) == {"amal"}
