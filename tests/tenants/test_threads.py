"""Work handed to threads keeps its app; connections do not outlive it."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.signals import connection_created

from accounts.models import User
from tenants import current
from tenants.current import NoTenant
from tenants.registry.app import App
from tenants.threads import AppThreadPoolExecutor
from tests.tenants.streams import APPS, add_people, name_here

WORKERS = 4
CALLS = 200
#: As the request's id is carried, which the log names.
note: ContextVar[str] = ContextVar("note", default="nothing")


@pytest.fixture
def people(transactional_db: None) -> None:
    add_people()


@pytest.fixture
def pinned_to_thurayya(thurayya: App) -> Iterator[None]:
    current.pin(thurayya)
    yield
    current.pin(None)


def read_name(*_: object) -> str:
    """Ask the database who number 77 is."""
    return User.objects.get(pk=77).name


@pytest.fixture
def count_open(people: None) -> Iterator[Callable[[], int]]:
    """Count the connections opened since: by what MySQL's server says, or, as SQLite has none, by Django's own."""
    opened: list[Any] = []

    def note_connection(connection: Any, **_: Any) -> None:
        opened.append(connection)

    def count() -> int:
        if connection.vendor == "sqlite":
            return sum(each.connection is not None for each in opened)
        with current.use("amal"), connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) - 1 FROM information_schema.processlist WHERE db = DATABASE()")
            return int(cursor.fetchone()[0])

    connection.ensure_connection()
    connection_created.connect(note_connection)
    yield count
    connection_created.disconnect(note_connection)


def wait_until(settled: Callable[[], bool]) -> bool:
    """A server takes a moment to notice that a client has gone."""
    deadline = time.monotonic() + 5
    while not settled() and time.monotonic() < deadline:
        time.sleep(0.01)
    return settled()


def test_each_call_runs_in_the_app_of_whoever_submitted_it(people: None) -> None:
    with AppThreadPoolExecutor(WORKERS) as pool:
        futures = []
        for _ in range(CALLS // 2):
            for name in APPS:
                with current.use(name):
                    futures.append(pool.submit(read_name))
        names = [future.result() for future in futures]

    assert names == ["amals", "thurayyas"] * (CALLS // 2)
    assert name_here() is None


def test_a_map_runs_in_the_app_of_whoever_began_it(people: None) -> None:
    with AppThreadPoolExecutor(WORKERS) as pool:
        with current.use("amal"):
            amals = pool.map(read_name, range(20))
        with current.use("thurayya"):
            thurayyas = list(pool.map(read_name, range(20)))

        assert (list(amals), thurayyas) == (["amals"] * 20, ["thurayyas"] * 20)


def test_arguments_results_and_exceptions_are_passed_on(in_amal: App) -> None:
    def divide(number: int, *, by: int) -> float:
        return number / by

    with AppThreadPoolExecutor(1) as pool:
        result = pool.submit(divide, 6, by=4)
        failure = pool.submit(divide, 6, by=0)

    assert result.result() == 1.5
    with pytest.raises(ZeroDivisionError):
        failure.result()


def test_whatever_else_the_context_holds_comes_along() -> None:
    note.set("request 7")

    with AppThreadPoolExecutor(1) as pool:
        carried = pool.submit(note.get).result()

    assert carried == "request 7"


def test_what_a_call_leaves_entered_is_not_there_for_the_next(in_amal: App) -> None:
    with AppThreadPoolExecutor(1) as pool:
        pool.submit(lambda: current.use("thurayya").__enter__()).result()
        seen = pool.submit(name_here).result()

    assert (seen, name_here()) == ("amal", "amal")


def test_what_is_submitted_outside_an_app_may_read_nothing(people: None) -> None:
    with AppThreadPoolExecutor(1) as pool, pytest.raises(NoTenant):
        pool.submit(read_name).result()


def test_a_plain_thread_has_no_app_and_may_read_nothing(people: None, in_amal: App) -> None:
    caught: list[BaseException] = []

    def read() -> None:
        try:
            read_name()
        except NoTenant as error:
            caught.append(error)
        finally:
            connections.close_all()

    thread = Thread(target=read)
    thread.start()
    thread.join()

    assert len(caught) == 1


def test_a_plain_pool_has_no_app_either(in_amal: App) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(NoTenant):
        pool.submit(current.get).result()


def test_a_plain_thread_of_a_pinned_process_has_the_pinned_app_whatever_was_entered(pinned_to_thurayya: None) -> None:
    """It knows the pin, and nothing of the block around it, which ours does."""
    with current.use("amal"), ThreadPoolExecutor(1) as plain, AppThreadPoolExecutor(1) as ours:
        seen = plain.submit(name_here).result(), ours.submit(name_here).result()

    assert seen == ("thurayya", "amal")


def test_no_connection_outlives_its_call(in_amal: App, count_open: Callable[[], int]) -> None:
    together = Barrier(WORKERS + 1)

    def read_together() -> None:
        read_name()
        together.wait(10)
        together.wait(10)

    with AppThreadPoolExecutor(WORKERS) as pool:
        futures = [pool.submit(read_together) for _ in range(WORKERS)]
        together.wait(10)
        during = count_open()
        together.wait(10)
        for future in futures:
            future.result()

        assert during == WORKERS
        assert wait_until(lambda: count_open() == 0)


def test_a_call_that_fails_leaves_no_connection_either(in_amal: App, count_open: Callable[[], int]) -> None:
    def read_and_fail() -> None:
        read_name()
        raise ZeroDivisionError

    with AppThreadPoolExecutor(WORKERS) as pool:
        failures = [pool.submit(read_and_fail).exception() for _ in range(20)]

        assert [type(failure) for failure in failures] == [ZeroDivisionError] * 20
        assert wait_until(lambda: count_open() == 0)


def test_the_count_shows_the_connection_that_a_plain_pool_keeps(in_amal: App, count_open: Callable[[], int]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(current.use("amal")(read_name)).result()
        kept = count_open()
        pool.submit(connections.close_all).result()

    assert kept == 1
