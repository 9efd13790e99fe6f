"""What an operator finds in the log: the app and the request in every line, wherever the line was written."""

import logging
import re
from collections.abc import AsyncIterator, Callable, Iterator
from io import StringIO
from logging import config
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from celery import shared_task
from django.core.management import call_command
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from alphazed.logs import LOGGING
from alphazed.middleware import HEADER
from alphazed.settings.env import ROOT
from jobs.management.commands import jobs_worker
from jobs.services import enqueue
from tenants import current
from tenants.registry.app import App
from tenants.threads import AppThreadPoolExecutor
from tests.jobs.workers import make_celery, wait_until, working
from tests.phones import Phone
from thin import origin

logger = logging.getLogger("a line")

type View = Callable[[HttpRequest], HttpResponse]


def plain(_: HttpRequest) -> HttpResponse:
    logger.warning("asked")
    return HttpResponse()


def after_commit(_: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        transaction.on_commit(lambda: logger.warning("committed"))
    return HttpResponse()


def in_threads(_: HttpRequest) -> HttpResponse:
    with AppThreadPoolExecutor(2) as pool:
        list(pool.map(logger.warning, ["in a thread"] * 2))
    return HttpResponse()


def stream(_: HttpRequest) -> StreamingHttpResponse:
    def body() -> Iterator[bytes]:
        try:
            for _ in range(2):
                logger.warning("a step")
                yield b"."
        finally:
            logger.warning("closed")

    return StreamingHttpResponse(body())


def stream_async(_: HttpRequest) -> StreamingHttpResponse:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(2):
            logger.warning("a step")
            yield b"."

    return StreamingHttpResponse(body())


def promise(_: HttpRequest) -> HttpResponse:
    enqueue("tests.logs.note")
    enqueue("tests.logs.break")
    return HttpResponse()


@shared_task(name="tests.logs.note")  # type: ignore[untyped-decorator]
def note() -> None:
    logger.warning("working")


@shared_task(name="tests.logs.break")  # type: ignore[untyped-decorator]
def break_down() -> None:
    raise ValueError("the printer is on fire")


urlpatterns = [path(view.__name__, view) for view in (plain, after_commit, in_threads, stream, stream_async, promise)]
here = pytest.mark.urls(__name__)


@pytest.fixture
def log() -> Iterator[StringIO]:
    """The log as the settings make it, written here."""
    before = list(logging.getLogger().handlers)
    written = StringIO()
    write_to(written)
    yield written
    logging.getLogger().handlers[:] = before


def write_to(stream: StringIO) -> None:
    config.dictConfig(LOGGING)
    [handler] = logging.getLogger().handlers
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)


def origins(log: StringIO, *words: str) -> set[str]:
    """Return what stands in brackets in the lines with one of these words, or in all; there must be some."""
    lines = [line for line in log.getvalue().splitlines() if re.match(r"\d{4}-", line)]
    found = [line for line in lines if not words or any(word in line for word in words)]
    assert found, log.getvalue()
    return {line.partition(" [")[2].partition("] ")[0] for line in found}


def ask(client: Client, view: str, app: str = "amal") -> str:
    """Ask for a page of this file and read it to its end; return what its lines must carry."""
    response = get(client, view, app)
    assert response.status_code == 200
    if response.streaming:
        read(response)
    return f"{app} {response[HEADER]}"


def get(client: Client, view: str, app: str) -> Any:
    return client.get(f"/{view}", headers={"host": f"{app}.localhost"})


def read(response: StreamingHttpResponse) -> None:
    if not response.is_async:
        assert response.getvalue() == b".."
        response.close()
        return

    async def read_async() -> bytes:
        return b"".join([step async for step in response])

    assert async_to_sync(read_async)() == b".."


@here
@pytest.mark.parametrize("app", ["amal", "thurayya"])
@pytest.mark.parametrize("view", ["plain", "after_commit", "in_threads", "stream", "stream_async"])
def test_every_line_of_a_request_carries_its_app_and_its_id(
    transactional_db: None, client: Client, log: StringIO, view: str, app: str
) -> None:
    expected = ask(client, view, app)

    assert origins(log) == {expected}


@here
def test_two_bodies_read_in_turn_keep_their_names_to_themselves(client: Client, log: StringIO) -> None:
    responses = [get(client, "stream", app) for app in ("amal", "thurayya")]
    bodies = [iter(response) for response in responses]

    for body in (*bodies, *bodies):
        next(body)
        logger.warning("the server's own")
    seen = log.getvalue().splitlines()
    for response in responses:
        response.close()

    names = [f"{app} {response[HEADER]}" for app, response in zip(("amal", "thurayya"), responses, strict=True)]
    steps = [line.partition(" [")[2].partition("] ")[0] for line in seen]
    assert steps == [names[0], "- -", names[1], "- -"] * 2


@here
def test_a_body_that_is_broken_off_is_closed_in_the_name_of_its_request(client: Client, log: StringIO) -> None:
    response = get(client, "stream", "amal")
    next(iter(response))

    response.close()

    assert origins(log, "closed") == {f"amal {response[HEADER]}"}


@here
def test_every_line_of_a_job_carries_the_request_that_caused_it(
    db: None, client: Client, log: StringIO, amal: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs_worker, "list_apps", lambda: {"amal": amal})
    expected = ask(client, "promise")

    call_command("jobs_worker", "--once", stdout=StringIO(), stderr=StringIO())

    assert origins(log, "working", "tests.logs.note", "tests.logs.break") == {expected}
    assert "the printer is on fire" in log.getvalue()


def test_every_line_about_a_celery_task_carries_the_request_that_sent_it(log: StringIO) -> None:
    celery = make_celery()
    with working(celery):
        write_to(log)  # anew, as the worker has set Django up once more
        for app in ("amal", "thurayya"):
            with current.use(app), origin.named(f"sent-in-{app}"):
                celery.tasks[note.name].delay()
                celery.tasks[break_down.name].delay()
        wait_until(lambda: len(re.findall("succeeded in|raised unexpected", log.getvalue())) == 4)

    assert origins(log, "working", "Task tests.logs.") == {"amal sent-in-amal", "thurayya sent-in-thurayya"}


def test_a_command_says_its_app(in_amal: App, log: StringIO) -> None:
    logger.warning("importing")

    assert origins(log) == {"amal -"}


def test_a_line_written_outside_an_app_and_a_request_says_so(log: StringIO) -> None:
    logger.warning("starting")

    assert origins(log) == {"- -"}


def test_a_crash_is_logged_with_its_app_and_the_request_id_that_the_client_was_told(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, log: StringIO
) -> None:
    monkeypatch.setattr("accounts.api.views.list_learners", lambda _: 1 / 0)
    phone.client.raise_request_exception = False

    response = phone.get("/user/learners")

    assert response.status_code == 500
    assert "ZeroDivisionError" in log.getvalue()
    assert origins(log) == {f"amal {response[HEADER]}"}


def test_refusals_do_not_fill_the_log(db: None, client: Client, log: StringIO) -> None:
    client.get("/nowhere", headers={"host": "amal.localhost"})

    assert log.getvalue() == ""


def test_the_filter_and_the_form_of_a_line_are_defined_once() -> None:
    rooms = [file.parent for file in ROOT.glob("*/__init__.py")]
    sources = [source for room in rooms for source in room.rglob("*.py")]

    defining = re.compile(r"logging\.Filter\b|logging\.Formatter\b|\bbasicConfig\b|\bdictConfig\b|[\"']formatters[\"']")
    assert sources
    assert [str(source.relative_to(ROOT)) for source in sources if defining.search(source.read_text("utf-8"))] == [
        "alphazed/logs.py"
    ]
