"""A job knows its app and its request; in another app it is not run."""

from typing import Any

import pytest
from celery import shared_task
from django.db import connection
from django.utils import timezone

from jobs.models import Job
from jobs.services import enqueue, lease_job, run_job
from tenants import current
from tenants.current import NoTenant
from tenants.registry.app import App
from tests.editors import Editor
from thin import origin

JOBS = "/boss/jobs/job/"
#: What the tasks below saw: the request in whose name they ran.
seen: list[str] = []


@shared_task(name="tests.headers.look")  # type: ignore[untyped-decorator]
def look() -> None:
    seen.append(origin.request_id.get())


@shared_task(name="tests.headers.pass_on")  # type: ignore[untyped-decorator]
def pass_on() -> None:
    enqueue("tests.headers.look")


@shared_task(name="tests.headers.try_again", bind=True)  # type: ignore[untyped-decorator]
def try_again(self: Any) -> None:
    raise self.retry(countdown=1)


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    seen.clear()


def work() -> list[bool]:
    """Run what is due, and return which of it succeeded."""
    return [run_job(job) for job in iter(lambda: lease_job(now=timezone.now()), None)]


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def test_a_job_takes_its_app_and_its_request_along(in_amal: App, db: None) -> None:
    with origin.named("a-request"):
        enqueue("tests.headers.look")

    assert Job.objects.get().headers == {"app": "amal", "request_id": "a-request"}
    assert work() == [True]
    assert seen == ["a-request"]
    assert origin.request_id.get() == ""


def test_a_job_that_a_click_in_the_dashboard_causes_names_that_request(db: None, amal: App) -> None:
    response = Editor(amal).post("/boss/content/release/build/", {"_form_submitted": "on"})

    with current.use(amal):
        assert Job.objects.get().headers == {"app": "amal", "request_id": response["X-Request-Id"]}


def test_what_a_job_promises_is_in_the_name_of_the_same_request(in_amal: App, db: None) -> None:
    with origin.named("the-first"):
        enqueue("tests.headers.pass_on")

    assert work() == [True, True]
    assert seen == ["the-first"]


def test_nothing_is_promised_outside_an_app() -> None:
    with pytest.raises(NoTenant):
        enqueue("tests.headers.look")


def test_a_job_of_a_copied_table_is_dead_at_once_and_never_run(db: None) -> None:
    with current.use("thurayya"):
        enqueue("tests.headers.look")
        columns = ", ".join(str(field.column) for field in Job._meta.local_fields)
    with current.use("amal"):
        execute(f"INSERT INTO amal_jobs ({columns}) SELECT {columns} FROM thurayya_jobs")  # noqa: S608 - our own names

        outcomes = work()

        job = Job.objects.get()
        assert outcomes == [False]
        assert seen == []
        assert (job.status, job.attempts) == ("dead", 1)
        assert job.error == "this job belongs to 'thurayya' and was not run in 'amal'"
        assert job.finished_at is not None


def test_a_job_from_before_there_were_headers_is_run(in_amal: App, db: None) -> None:
    """Written as code of that time writes it, which may still run beside the new."""
    execute(
        "INSERT INTO {app}jobs (task, arguments, status, attempts, run_after, created_at, error)"
        " VALUES ('tests.headers.look', '{}', 'waiting', 0, '2026-01-01 00:00:00', '2026-01-01 00:00:00', '')"
    )

    assert work() == [True]
    assert seen == [""]
    assert Job.objects.get().headers == {}


def test_a_task_that_asks_for_a_retry_waits_in_the_outbox(in_amal: App, db: None) -> None:
    """It would be sent to a broker otherwise, and there is none."""
    enqueue("tests.headers.try_again")

    assert work() == [False]
    assert Job.objects.get().status == "waiting"
    assert "Retry in 1s" in Job.objects.get().error


def test_jobs_are_found_by_their_request(db: None, amal: App) -> None:
    with current.use(amal):
        with origin.named("request-one"):
            one = enqueue("tests.headers.look")
        with origin.named("request-two"):
            two = enqueue("tests.headers.look")
        enqueue("tests.headers.from_a_command")

    page = Editor(amal).read(JOBS, q="request-two")

    assert f"{JOBS}{two.pk}/change/" in page
    assert f"{JOBS}{one.pk}/change/" not in page


def test_a_jobs_page_shows_its_request(db: None, amal: App) -> None:
    with current.use(amal), origin.named("request-one"):
        job = enqueue("tests.headers.look")

    assert "request-one" in Editor(amal).read(f"{JOBS}{job.pk}/change/")
