"""The outbox: what was promised is done, once if possible, and by one worker at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO
from threading import Barrier
from typing import Any
from unittest.mock import Mock

import pytest
from celery import current_app, shared_task
from django.core.management import call_command
from django.db import connections, transaction
from django.utils import timezone

from jobs.management.commands import jobs_worker
from jobs.models import Job
from jobs.services import LEASE, MAX_ATTEMPTS, enqueue, lease_job, run_job
from tenants import current
from tenants.registry.app import App
from tenants.registry.catalogue import list_apps

#: What the tasks below did: (app, argument).
seen: list[tuple[str, Any]] = []


@shared_task(name="tests.note")  # type: ignore[untyped-decorator]
def note(*, word: str = "", **_: object) -> None:
    seen.append((current.get().name, word))


@shared_task(name="tests.fail")  # type: ignore[untyped-decorator]
def fail(**_: object) -> None:
    raise ValueError("the printer is on fire")


@shared_task(name="tests.take_nothing")  # type: ignore[untyped-decorator]
def take_nothing() -> None:
    pass


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    seen.clear()


@pytest.fixture
def two_apps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker serve the two apps that have tables here."""
    apps = {name: app for name, app in list_apps().items() if name in {"amal", "thurayya"}}
    monkeypatch.setattr(jobs_worker, "list_apps", lambda: apps)


def now() -> datetime:
    return datetime.now(UTC)


def work(at: datetime | None = None) -> bool | None:
    """Run the next due job; return whether it succeeded, None when there is none."""
    job = lease_job(now=at or now())
    return None if job is None else run_job(job, clock=lambda: at or now())


def only_job() -> Job:
    job: Job = Job.objects.get()
    return job


def test_a_job_rolls_back_with_what_caused_it(in_amal: App, db: None) -> None:
    def promise_and_break_off() -> None:
        with transaction.atomic():
            enqueue("tests.note", word="never")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        promise_and_break_off()

    assert not Job.objects.exists()
    assert work() is None


def test_a_job_is_run_with_its_arguments_and_is_done(in_amal: App, db: None) -> None:
    enqueue("tests.note", word="salam")

    assert work() is True
    job = only_job()
    assert seen == [("amal", "salam")]
    assert (job.status, job.attempts, job.error) == ("done", 1, "")
    assert job.finished_at is not None


def test_what_is_done_is_not_done_again(in_amal: App, db: None) -> None:
    enqueue("tests.note")
    work()

    assert work(now() + timedelta(days=400)) is None


def test_a_job_belongs_to_the_app_that_promised_it(in_amal: App, db: None) -> None:
    enqueue("tests.note")

    with current.use("thurayya"):
        assert work() is None
    assert work() is True
    assert seen == [("amal", "")]


def test_a_job_waits_for_its_delay(in_amal: App, db: None) -> None:
    enqueue("tests.note", delay=timedelta(hours=1))

    assert work() is None
    assert work(now() + timedelta(hours=1, seconds=1)) is True


def test_jobs_are_run_in_the_order_in_which_they_fall_due(in_amal: App, db: None) -> None:
    enqueue("tests.note", word="second", delay=timedelta(minutes=2))
    enqueue("tests.note", word="first", delay=timedelta(minutes=1))
    later = now() + timedelta(hours=1)

    while work(later) is not None:
        pass

    assert [word for _, word in seen] == ["first", "second"]


def test_a_failure_backs_off_longer_each_time_and_keeps_the_traceback(in_amal: App, db: None) -> None:
    enqueue("tests.fail")
    at, waits = now(), []
    for _ in range(MAX_ATTEMPTS - 1):
        assert work(at) is False
        waits.append(only_job().run_after - at)
        at = only_job().run_after

    assert waits == sorted(set(waits))
    assert only_job().status == "waiting"
    assert "Traceback" in only_job().error
    assert "ValueError: the printer is on fire" in only_job().error


def test_a_job_that_waits_after_a_failure_is_not_due(in_amal: App, db: None) -> None:
    enqueue("tests.fail")
    at = now()
    work(at)

    assert work(at + timedelta(seconds=1)) is None


def test_after_its_last_attempt_a_job_is_dead_with_the_traceback(in_amal: App, db: None) -> None:
    enqueue("tests.fail")
    at = now()
    for _ in range(MAX_ATTEMPTS):
        work(at)
        at += timedelta(days=1)

    job = only_job()
    assert (job.status, job.attempts) == ("dead", MAX_ATTEMPTS)
    assert job.error.rstrip().endswith("ValueError: the printer is on fire")
    assert job.finished_at is not None
    assert work(at + timedelta(days=400)) is None


def test_a_success_after_a_failure_leaves_no_error(in_amal: App, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    job = enqueue("tests.fail")
    work()
    Job.objects.filter(pk=job.pk).update(task="tests.note")

    assert work(now() + timedelta(days=1)) is True
    assert (only_job().status, only_job().error, only_job().attempts) == ("done", "", 2)


def test_an_unknown_task_is_a_failure_that_names_it(in_amal: App, db: None) -> None:
    enqueue("tests.of_tomorrow")

    assert work() is False
    assert only_job().error == "no task is called 'tests.of_tomorrow'"
    assert only_job().status == "waiting"


def test_arguments_that_a_task_does_not_take_are_a_failure(in_amal: App, db: None) -> None:
    enqueue("tests.take_nothing", unheard_of=1)

    assert work() is False
    assert "TypeError" in only_job().error


@pytest.mark.parametrize("attempt", range(MAX_ATTEMPTS))
def test_a_lease_is_nobody_elses_while_it_lasts(in_amal: App, db: None, attempt: int) -> None:
    job = enqueue("tests.note")
    Job.objects.filter(pk=job.pk).update(attempts=attempt)
    at = now()
    leased = lease_job(now=at)

    assert leased is not None
    assert leased.attempts == attempt + 1
    assert lease_job(now=at) is None
    assert lease_job(now=at + LEASE - timedelta(seconds=1)) is None


def test_a_lease_that_has_run_out_is_taken_again(in_amal: App, db: None) -> None:
    enqueue("tests.note")
    at = now()
    lease_job(now=at)

    again = lease_job(now=at + LEASE)

    assert again is not None
    assert again.attempts == 2


def test_a_worker_that_finishes_late_does_not_overwrite_the_new_owner(in_amal: App, db: None) -> None:
    enqueue("tests.fail")
    at = now()
    late = lease_job(now=at)
    owner = lease_job(now=at + LEASE)
    assert late is not None
    assert owner is not None
    Job.objects.filter(pk=owner.pk).update(task="tests.note")
    before = Job.objects.values().get()

    run_job(late, clock=lambda: at + LEASE)

    assert Job.objects.values().get() == before
    owner.task = "tests.note"
    assert run_job(owner, clock=lambda: at + LEASE)
    assert only_job().status == "done"


def test_a_worker_that_finishes_late_does_not_wake_what_is_done(in_amal: App, db: None) -> None:
    enqueue("tests.fail")
    at = now()
    late, owner = lease_job(now=at), lease_job(now=at + LEASE)
    assert late is not None
    assert owner is not None
    owner.task = "tests.note"
    run_job(owner, clock=lambda: at + LEASE)

    run_job(late, clock=lambda: at + LEASE)

    assert (only_job().status, only_job().error) == ("done", "")


def test_a_job_that_kills_its_worker_every_time_is_given_up(in_amal: App, db: None) -> None:
    """A task that runs out of memory never comes back to say so; without an end it takes a worker down for ever."""
    enqueue("tests.note")
    at = now()
    for _ in range(MAX_ATTEMPTS):
        assert lease_job(now=at) is not None
        at += LEASE

    assert lease_job(now=at) is None
    assert only_job().status == "dead"


@pytest.mark.parametrize("_round", range(3))
def test_two_workers_never_get_one_lease(transactional_db: None, amal: App, _round: int) -> None:
    with current.use(amal):
        for _ in range(5):
            enqueue("tests.note")
    barrier = Barrier(4)

    @current.use(amal)
    def take(_: int) -> list[int]:
        barrier.wait(timeout=10)
        try:
            return [job.pk for job in iter(lambda: lease_job(now=timezone.now()), None)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        taken = sorted(pk for mine in pool.map(take, range(4)) for pk in mine)

    with current.use(amal):
        assert taken == sorted(Job.objects.values_list("pk", flat=True))
        assert set(Job.objects.values_list("attempts", flat=True)) == {1}


def test_of_two_workers_that_saw_the_same_job_one_gets_it(
    in_amal: App, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue("tests.note")
    as_both_saw_it = [[Job.objects.get()], [Job.objects.get()]]
    found = Mock()
    found.order_by.side_effect = as_both_saw_it
    monkeypatch.setattr("jobs.querysets.JobQuerySet.due", lambda *_: found)

    leases = [lease_job(now=now()), lease_job(now=now())]

    assert [lease is not None for lease in leases] == [True, False]
    assert only_job().attempts == 1


def run_worker(*options: str) -> list[str]:
    out = StringIO()
    call_command("jobs_worker", "--once", *options, stdout=out, stderr=out)
    return out.getvalue().splitlines()


def test_the_worker_runs_each_apps_jobs_in_that_app_and_stops(db: None, two_apps: None) -> None:
    for name, words in (("amal", "ab"), ("thurayya", "c")):
        with current.use(name):
            for word in words:
                enqueue("tests.note", word=word)

    printed = run_worker()

    assert sorted(seen) == [("amal", "a"), ("amal", "b"), ("thurayya", "c")]
    assert len(printed) == 3
    assert all(line.endswith("tests.note done") for line in printed)
    assert current.find() is None


def test_each_app_gets_its_turn_before_the_first_gets_its_second(db: None, two_apps: None) -> None:
    for name in ("amal", "amal", "amal", "thurayya"):
        with current.use(name):
            enqueue("tests.note")

    run_worker()

    assert [app for app, _ in seen] == ["amal", "thurayya", "amal", "amal"]


def test_one_apps_failure_does_not_keep_another_waiting(db: None, two_apps: None) -> None:
    for name, task in (("amal", "tests.fail"), ("thurayya", "tests.note")):
        with current.use(name):
            enqueue(task)

    printed = run_worker()

    assert seen == [("thurayya", "")]
    assert "ValueError: the printer is on fire" in printed


def test_the_worker_serves_one_app_where_one_is_current(in_amal: App, db: None) -> None:
    enqueue("tests.note")
    with current.use("thurayya"):
        enqueue("tests.note")

    run_worker()

    assert seen == [("amal", "")]


def test_the_tasks_of_the_project_are_known_to_the_worker() -> None:
    current_app.loader.import_default_modules()

    assert "content.build_release" in current_app.tasks
