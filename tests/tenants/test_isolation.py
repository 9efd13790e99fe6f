"""Two apps in one process, in threads, in coroutines and on one connection: nothing of one is ever seen in the other.

Each proof takes 10,000 steps and prints a line of figures (`pytest -rP` shows it). The last tests put a fault back in,
to see that the same steps catch it.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cache as remember
from functools import partial
from itertools import islice
from random import Random
from threading import Barrier
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from asgiref.sync import sync_to_async
from django.contrib.contenttypes.models import ContentType, ContentTypeManager
from django.core.cache import caches
from django.core.cache.backends.base import default_key_func
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, connections

from accounts.models import User
from learning.models import LearningDay
from tenants import current
from tenants.backends.instances import CrossedApps
from tenants.backends.operations import TenantOperationsMixin
from tenants.backends.wrapper import TenantWrapperMixin
from tenants.current import NoTenant
from tenants.registry.app import App
from tenants.storage import AppFileSystemStorage
from tests.tenants import interleaving as steps
from tests.tenants.interleaving import ASYNC_STEPS, DAY, LEARNERS, STEPS, Home, Step

NUMBER = 10_000
READ_ON = "read_on"

type Pair = tuple[Home, Home]
#: How often each step is taken beside the others.
type Mix = Mapping[Any, float]


class Event(NamedTuple):
    """The beginning of a step, or its end: what was done then, and whether all it got was its own app's."""

    worker: int
    app: str
    step: str = ""
    is_own: bool = True


@dataclass(frozen=True, slots=True)
class Record:
    """What the workers of a proof did, in the order in which it happened."""

    events: list[Event] = field(default_factory=list)
    begun: float = field(default_factory=time.monotonic)

    @contextmanager
    def watch(self, worker: int, home: Home, step: str) -> Iterator[Callable[[bool], None]]:
        """Write down a step; one that finds nothing, or no app, or is refused, has looked in the wrong place."""
        verdict: list[bool] = []
        self.events.append(Event(worker, home.app.name))
        try:
            yield verdict.append
        except (ObjectDoesNotExist, NoTenant, CrossedApps):
            verdict.append(False)
        self.events.append(Event(worker, home.app.name, step, verdict == [True]))

    @property
    def steps(self) -> Counter[tuple[str, str]]:
        return Counter((event.app, event.step) for event in self.events if event.step)

    @property
    def leaks(self) -> Counter[str]:
        return Counter(event.step for event in self.events if not event.is_own)

    @property
    def overlaps(self) -> int:
        """Count the steps that began while another worker was in the middle of one in the other app."""
        under_way: dict[int, str] = {}
        count = 0
        for event in self.events:
            if event.step:
                del under_way[event.worker]
            else:
                count += any(app != event.app for app in under_way.values())
                under_way[event.worker] = event.app
        return count


@pytest.fixture
def pair(transactional_db: None, amal: App, thurayya: App) -> Iterator[Pair]:
    """Both apps, full, with other ids for the same content types and permissions."""
    _renumber(thurayya, 1000)
    try:
        homes = steps.settle(amal, {1, 2, 3}), steps.settle(thurayya, {3, 4})
        assert not {*homes[0].type_ids.values()} & {*homes[1].type_ids.values()}
        assert not {*homes[0].permission_ids.values()} & {*homes[1].permission_ids.values()}
        yield homes
    finally:
        steps.leave(amal)
        steps.leave(thurayya)
        _renumber(thurayya, -1000)


def _renumber(app: App, shift: int) -> None:
    """Move all content types and permissions of an app."""
    with current.use(app), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute("UPDATE {app}django_content_type SET id = id + %s", [shift])
        cursor.execute(
            "UPDATE {app}auth_permission SET id = id + %s, content_type_id = content_type_id + %s", [shift, shift]
        )


def draw(mix: Mix, chance: Random, number: int) -> list[Any]:
    return chance.choices(list(mix), list(mix.values()), k=number)


def work(pair: Pair, record: Record, *, worker: int, number: int, stays: bool, mix: Mix = STEPS) -> None:
    """Take steps in one app or the other, as chance has it; or enter the first app once, and stay."""
    chance, serve = Random(worker), nullcontext if stays else current.use
    with current.use(pair[0].app):
        for step in draw(mix, chance, number):
            home, other = pair if stays else chance.sample(pair, 2)
            with serve(home.app), record.watch(worker, home, step.__name__) as answer:
                answer(step(home, other, chance))


async def work_async(
    pair: Pair, record: Record, *, worker: int, number: int, stays: bool, mix: Mix, call: Any = lambda step: step
) -> None:
    """Do what `work` does, in a task of an event loop; `call` makes steps that can be awaited of those in the mix."""
    chance, serve = Random(worker), nullcontext if stays else current.use
    with current.use(pair[0].app):
        for step in draw(mix, chance, number):
            home, other = pair if stays else chance.sample(pair, 2)
            with serve(home.app), record.watch(worker, home, step.__name__) as answer:
                answer(await call(step)(home, other, chance))


def alternate(pair: Pair, record: Record, *, number: int, mix: Mix = STEPS) -> None:
    """Change the app at every step, and read on meanwhile over the cursors that the other one has left open."""
    chance, (home, other), readers = Random(0), pair, dict[str, Iterator[bool]]()
    for turn, step in enumerate(draw(mix, chance, number)):
        home, other = other, home
        with current.use(home.app):
            with record.watch(0, home, step.__name__) as answer:
                answer(step(home, other, chance))
            if turn % 16 < 2:  # the reader before this one is dropped half read
                readers[home.app.name] = steps.begin_reading(home)
            for is_own in islice(readers.get(other.app.name, ()), 1):
                with record.watch(0, other, READ_ON) as answer:
                    answer(is_own)
    for home in pair:
        list(readers[home.app.name])


def in_two_threads(pair: Pair, record: Record, *, number: int = NUMBER, **options: Any) -> None:
    """Let a thread begin in each app, both at one moment, and change threads as often as Python can."""
    start, interval = Barrier(2), sys.getswitchinterval()

    def run(worker: int) -> None:
        start.wait()
        try:
            work(pair[::-1] if worker else pair, record, worker=worker, number=number // 2, **options)
        finally:
            connections.close_all()

    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(run, range(2)))
    finally:
        sys.setswitchinterval(interval)


def in_tasks(pair: Pair, record: Record, *, number: int = NUMBER, **options: Any) -> None:
    """Let four tasks that change apps and two that stay in each take turns in one event loop."""
    plans = [*[(pair, False)] * 4, *[(pair, True), (pair[::-1], True)] * 2]

    async def run() -> None:
        tasks = (
            work_async(order, record, worker=worker, number=number // len(plans), stays=stays, **options)
            for worker, (order, stays) in enumerate(plans)
        )
        try:
            await asyncio.gather(*tasks)
        finally:
            await sync_to_async(connections.close_all)()

    asyncio.run(run())


@contextmanager
def threads_for_a_loop(number: int = 4) -> Iterator[ThreadPoolExecutor]:
    """Give threads that tasks may call into, and close the connection of each in the end."""
    together = Barrier(number)

    def close(_: int) -> None:
        together.wait()
        connections.close_all()

    with ThreadPoolExecutor(number) as pool:
        yield pool
        list(pool.map(close, range(number)))


def conclude(title: str, record: Record, pair: Pair, mix: Mix) -> None:
    """Print the figures; check that all steps were taken, that each kind was, in both apps, and that none leaked."""
    taken, seconds = record.steps, time.monotonic() - record.begun
    print(  # noqa: T201 - the figures
        f"{title}: {taken.total():,} steps of {len(mix)} kinds, {record.leaks.total()} leaks; {record.overlaps:,} steps"
        f" begun within one of the other app; {seconds:.1f} s on {connection.vendor}"
    )
    assert record.leaks == Counter()
    assert sum(number for (_, step), number in taken.items() if step != READ_ON) == NUMBER
    assert {(home.app.name, step.__name__) for home in pair for step in mix} <= taken.keys()
    for home in pair:
        with current.use(home.app):
            assert home.owns(*User.objects.filter(pk__in=LEARNERS))
            assert LearningDay.objects.get(pk=DAY).answers == taken[home.app.name, steps.count_under_a_lock.__name__]


def test_one_connection_that_alternates(pair: Pair) -> None:
    record = Record()

    alternate(pair, record, number=NUMBER)

    conclude("one connection that alternates", record, pair, STEPS)
    assert sum(number for (_, step), number in record.steps.items() if step == READ_ON) > 0.9 * NUMBER


@pytest.mark.parametrize("way", ["switching", "staying"])
def test_two_threads(pair: Pair, way: str) -> None:
    record = Record()

    in_two_threads(pair, record, stays=way == "staying")

    conclude(f"two threads, {way}", record, pair, STEPS)
    assert record.overlaps > NUMBER / 10


def test_tasks_on_the_asynchronous_orm(pair: Pair) -> None:
    record = Record()

    in_tasks(pair, record, mix=ASYNC_STEPS)

    conclude("tasks on the asynchronous ORM", record, pair, ASYNC_STEPS)
    assert record.overlaps > NUMBER / 10


@pytest.mark.parametrize("below", ["one thread", "many threads"])
def test_tasks_over_synchronous_code_that_calls_coroutines(pair: Pair, below: str) -> None:
    record, mix = Record(), STEPS | {steps.go_back_to_coroutines: 8}

    with threads_for_a_loop() as pool:
        options: dict[str, Any] = {"thread_sensitive": False, "executor": pool} if below == "many threads" else {}
        in_tasks(pair, record, mix=mix, call=lambda step: sync_to_async(step, **options))

    conclude(f"tasks over {below} and back", record, pair, mix)
    assert record.overlaps > NUMBER / 10


def keep_one_content_type_cache(patch: pytest.MonkeyPatch) -> None:
    patch.delattr(ContentTypeManager, "_cache")
    patch.setattr(ContentType.objects, "_cache", {})


def keep_one_app_for_the_whole_process(patch: pytest.MonkeyPatch) -> None:
    """Put the current app into an attribute that everybody sees, where a context variable was."""
    everywhere: list[tuple[App, ...]] = [()]
    variable = SimpleNamespace(get=lambda: everywhere[0], set=partial(everywhere.__setitem__, 0))
    patch.setattr(current, "entered_apps", variable)


#: Mistakes to make, and the steps that must notice.
FAULTS: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], set[Step]]] = {
    "one content-type cache": (
        keep_one_content_type_cache,
        {steps.look_up_a_content_type, steps.look_up_a_content_type_by_id, steps.look_up_a_permission},
    ),
    "cache keys without an app": (
        lambda patch: patch.setattr(caches["default"], "key_func", default_key_func),
        {steps.use_the_cache},
    ),
    "callbacks in the app that commits": (
        lambda patch: patch.delattr(TenantWrapperMixin, "on_commit"),
        {steps.call_back_after_a_commit},
    ),
    "a file's path remembered": (
        lambda patch: patch.setattr(AppFileSystemStorage, "path", remember(AppFileSystemStorage.path)),
        {steps.use_a_file},
    ),
    "a table's name remembered": (
        lambda patch: patch.setattr(TenantOperationsMixin, "quote_name", remember(TenantOperationsMixin.quote_name)),
        {steps.read_a_row, steps.write_a_row, steps.prefetch, steps.evaluate_late, steps.use_a_session},
    ),
}
#: Left out where a fault makes an error of them, and no leak.
FRAGILE = {steps.call_the_api, steps.open_the_dashboard}


@pytest.mark.parametrize("fault", FAULTS)
def test_steps_on_one_connection_notice_a_fault(pair: Pair, fault: str) -> None:
    plant, noticing = FAULTS[fault]
    record = Record()

    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        alternate(pair, record, number=600, mix={step: 1 for step in STEPS if step not in FRAGILE})

    assert {step.__name__ for step in noticing} <= record.leaks.keys()


@pytest.mark.parametrize("run", [partial(in_two_threads, stays=True), in_tasks], ids=["threads", "tasks"])
def test_threads_and_tasks_notice_an_app_kept_for_the_whole_process(pair: Pair, run: Any) -> None:
    record = Record()
    mix = [steps.read_a_row, steps.write_a_line_of_the_log] if run is not in_tasks else [steps.read_a_row_async]

    with pytest.MonkeyPatch.context() as patch:
        keep_one_app_for_the_whole_process(patch)
        run(pair, record, number=600, mix=dict.fromkeys(mix, 1))

    assert record.leaks.keys() == {step.__name__ for step in mix}


def test_the_same_id_is_another_person_in_each_app(db: None) -> None:
    with current.use("amal"):
        User.objects.create(pk=77, kind="learner", name="Badr")
    with current.use("thurayya"):
        User.objects.create(pk=77, kind="learner", name="Charlie")

    with current.use("amal"):
        amals = User.objects.get(pk=77).name
    with current.use("thurayya"):
        thurayyas = User.objects.get(pk=77).name

    assert (amals, thurayyas) == ("Badr", "Charlie")
