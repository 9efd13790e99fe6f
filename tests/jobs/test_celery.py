"""Tasks sent to a Celery worker stay in their app. The worker is a real one, with several threads."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery, chain, chord, group, shared_task
from celery.beat import PersistentScheduler, ScheduleEntry, Scheduler, SchedulingError
from celery.exceptions import Retry

from accounts.models import User
from alphazed.celery import ForeignHeaders
from alphazed.celery import app as projects_app
from tenants import current
from tenants.current import NoTenant
from tenants.registry.app import App
from tests.jobs.workers import make_celery, wait_until, working
from thin import origin

APPS = ("amal", "thurayya")
TASKS = 500
NAMES = {"amal": "Badr", "thurayya": "Charlie"}

#: Where the tasks below found themselves: (app, id of the request, what they were called with).
seen: list[tuple[str, str, Any]] = []


def note_down(what: object) -> None:
    seen.append((current.get().name, origin.request_id.get(), what))


@shared_task(name="tests.celery.note")  # type: ignore[untyped-decorator]
def note(what: object, *_: object) -> object:
    note_down(what)
    return what


@shared_task(name="tests.celery.read_name")  # type: ignore[untyped-decorator]
def read_name(what: object) -> None:
    name = User.objects.get(pk=77).name
    time.sleep(0.001)  # let another thread in between
    assert User.objects.get(pk=77).name == name
    note_down((what, name))


@shared_task(name="tests.celery.fail")  # type: ignore[untyped-decorator]
def fail(*_: object) -> None:
    raise ValueError("the printer is on fire")


@shared_task(name="tests.celery.fail_once", bind=True)  # type: ignore[untyped-decorator]
def fail_once(self: Any) -> None:
    if self.request.retries == 0:
        with current.use("qais"):
            raise self.retry(countdown=0)
    note_down("again")


@shared_task(name="tests.celery.look")  # type: ignore[untyped-decorator]
def look() -> None:
    note_down([app.name for app in current.entered_apps.get()])


@pytest.fixture
def celery() -> Celery:
    return make_celery()


@pytest.fixture(scope="module")
def worker() -> Iterator[Celery]:
    celery = make_celery()
    with working(celery):
        yield celery


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    seen.clear()


def on(celery: Celery, task: Any) -> Any:
    """Return a task as this application has it."""
    return celery.tasks[task.name]


def send_from(app: str, request_id: str, task: Any, *arguments: object, **options: Any) -> None:
    with current.use(app), origin.named(request_id):
        task.apply_async(arguments, **options)


def test_tasks_of_two_apps_on_four_threads_never_meet(transactional_db: None, worker: Celery) -> None:
    for app, name in NAMES.items():
        with current.use(app):
            User.objects.create(pk=77, kind="learner", name=name)

    for number in range(TASKS):
        app = APPS[number % 2]
        send_from(app, f"request-{number}", on(worker, read_name), number)
    wait_until(lambda: len(seen) == TASKS)

    expected = [(APPS[n % 2], f"request-{n}", (n, NAMES[APPS[n % 2]])) for n in range(TASKS)]
    assert sorted(seen, key=lambda line: line[2]) == expected


def test_a_worker_leaves_the_app_whatever_the_task_came_to(worker: Celery) -> None:
    for task in (note, fail, fail_once, fail):
        send_from("amal", "one", on(worker, task), *([1] if task is note else []))
    wait_until(lambda: len(seen) == 2)
    seen.clear()

    for _ in range(20):  # so that each of the threads looks
        send_from("thurayya", "two", on(worker, look))
    wait_until(lambda: len(seen) == 20)

    assert {tuple(entered) for _, _, entered in seen} == {("thurayya",)}


def test_nothing_is_sent_outside_an_app(worker: Celery) -> None:
    with pytest.raises(NoTenant):
        on(worker, note).delay(1)
    with pytest.raises(NoTenant):
        worker.send_task("tests.celery.note", (1,))

    send_from("amal", "one", on(worker, note), 2)
    wait_until(lambda: len(seen) == 1)
    assert seen == [("amal", "one", 2)]


def test_headers_cannot_name_another_app_than_the_one_that_sends(celery: Celery) -> None:
    with pytest.raises(ForeignHeaders, match="'thurayya' while the current app is 'amal'"):
        send_from("amal", "one", on(celery, note), 1, headers={"app": "thurayya"})


def test_beat_sends_what_a_schedule_has_for_the_app_that_its_headers_name(worker: Celery) -> None:
    """Beat runs outside every app, and an entry that names none is not sent."""
    beat = Scheduler(app=worker, lazy=True)
    entry = {"task": note.name, "schedule": 60, "app": worker}

    beat.apply_async(ScheduleEntry(args=(1,), options={"headers": {"app": "thurayya"}}, **entry), advance=False)
    with pytest.raises(SchedulingError, match="no app is current"):
        beat.apply_async(ScheduleEntry(args=(2,), **entry), advance=False)

    wait_until(lambda: len(seen) == 1)
    assert seen == [("thurayya", "", 1)]


def test_beat_has_nothing_of_its_own_to_send(tmp_path: Path) -> None:
    beat = PersistentScheduler(app=projects_app, schedule_filename=str(tmp_path / "schedule"))

    assert dict(beat.schedule) == {}
    beat.close()


def test_a_retry_stays_in_its_app_whatever_the_task_has_entered(worker: Celery) -> None:
    send_from("thurayya", "one", on(worker, fail_once))

    wait_until(lambda: len(seen) == 1)
    assert seen == [("thurayya", "one", "again")]


def test_chains_groups_chords_and_error_callbacks_keep_the_app(worker: Celery) -> None:
    step = on(worker, note)
    with current.use("amal"), origin.named("a-chain"):
        chain(step.s(1), step.s(), step.s()).apply_async()
    with current.use("thurayya"), origin.named("a-chord"):
        chord(group(step.s(2) for _ in range(3)), step.s()).apply_async()
    send_from("thurayya", "an-error", on(worker, fail), link_error=step.si(3))

    wait_until(lambda: len(seen) == 8)
    assert {(app, request_id) for app, request_id, _ in seen} == {
        ("amal", "a-chain"),
        ("thurayya", "a-chord"),
        ("thurayya", "an-error"),
    }


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "names no app"),
        ({"app": ""}, "names no app"),
        ({"app": "nobody"}, "no app is called 'nobody'"),
        ({"app": ["amal"]}, "unhashable"),
    ],
)
def test_a_message_of_no_app_is_refused_and_not_run(
    worker: Celery, caplog: pytest.LogCaptureFixture, headers: dict[str, object], reason: str
) -> None:
    Celery.send_task(worker, "tests.celery.note", (1,), headers=headers)

    wait_until(lambda: reason in caplog.text)
    send_from("amal", "one", on(worker, note), 2)
    wait_until(lambda: len(seen) == 1)
    assert seen == [("amal", "one", 2)]
    assert [record.levelname for record in caplog.records if "discarded" in record.message] == ["ERROR"]


def test_a_pinned_worker_refuses_another_apps_message(
    worker: Celery, amal: App, caplog: pytest.LogCaptureFixture
) -> None:
    current.pin(amal)
    try:
        send_from("thurayya", "one", on(worker, note), 1)
        wait_until(lambda: "belongs to 'thurayya', and this process serves 'amal' alone" in caplog.text)
        on(worker, note).delay(2)
        wait_until(lambda: bool(seen))
    finally:
        current.pin(None)

    assert seen == [("amal", "", 2)]


def test_eager_tasks_run_in_the_app_that_calls_and_leave_nothing_current(celery: Celery) -> None:
    celery.conf.task_always_eager = True

    send_from("amal", "one", on(celery, note), 1)
    send_from("amal", "two", on(celery, fail_once))
    with current.use("thurayya"):
        chain(on(celery, note).s(3), on(celery, note).s()).apply_async()

    assert seen == [("amal", "one", 1), ("amal", "two", "again"), ("thurayya", "", 3), ("thurayya", "", 3)]
    assert current.find() is None
    with pytest.raises(NoTenant):
        on(celery, note).delay(4)


def test_a_task_called_as_a_function_is_a_function(celery: Celery) -> None:
    with current.use("amal"):
        on(celery, note)("plain")

    assert seen == [("amal", "", "plain")]
    with pytest.raises(Retry):
        on(celery, fail_once)()
