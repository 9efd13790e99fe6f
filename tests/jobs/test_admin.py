"""Dead jobs get another try from the dashboard."""

import pytest
from django.contrib.auth.models import Permission

from jobs.models import Job
from jobs.services import MAX_ATTEMPTS, lease_job, retry_job
from tenants import current
from tenants.registry.app import App
from tests.editors import NOW, Editor

JOBS = "/boss/jobs/job/"


def make_job(status: Job.Status) -> Job:
    with current.use("amal"):
        return Job.objects.create(task="tests.note", status=status, attempts=MAX_ATTEMPTS, run_after=NOW, error="Oh no")


def read_status(job: Job) -> str:
    with current.use("amal"):
        return Job.objects.get(pk=job.pk).status


def test_a_dead_job_waits_again_with_all_its_attempts(db: None, in_amal: App) -> None:
    job = make_job(Job.Status.DEAD)

    retried = retry_job(job.pk, now=NOW)
    again = retry_job(job.pk, now=NOW)

    leased = lease_job(now=NOW)
    assert (retried, again) == (True, False)
    assert leased is not None
    assert (leased.pk, leased.attempts) == (job.pk, 1)


@pytest.mark.parametrize("status", [Job.Status.WAITING, Job.Status.DONE])
def test_only_dead_jobs_are_retried(status: Job.Status, db: None, in_amal: App) -> None:
    job = make_job(status)

    assert not retry_job(job.pk, now=NOW)
    assert read_status(job) == status


def test_an_operator_retries_what_is_selected(db: None, amal: App) -> None:
    dead, done = make_job(Job.Status.DEAD), make_job(Job.Status.DONE)
    operator = Editor(amal)

    operator.post(JOBS, {"action": "retry", "_selected_action": [dead.pk, done.pk]})

    assert "The worker will run 1 again." in operator.read(JOBS)
    assert (read_status(dead), read_status(done)) == (Job.Status.WAITING, Job.Status.DONE)


def test_who_may_only_look_retries_nothing(db: None, amal: App) -> None:
    dead, onlooker = make_job(Job.Status.DEAD), Editor(amal, is_superuser=False)
    with current.use(amal):
        onlooker.user.user_permissions.add(Permission.objects.get(codename="view_job"))

    onlooker.post(JOBS, {"action": "retry", "_selected_action": [dead.pk]})

    assert "tests.note" in onlooker.read(JOBS)
    assert read_status(dead) == Job.Status.DEAD
