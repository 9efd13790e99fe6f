"""The app being served: set, nested, restored, never guessed."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import pytest

from tenants import current
from tenants.current import NoTenant
from tenants.registry.app import App
from tenants.registry.catalogue import UnknownApp


@pytest.fixture
def unpin() -> Iterator[None]:
    yield
    current.pin(None)


def name_here() -> str | None:
    app = current.find()
    return app and app.name


def test_nothing_is_guessed_where_no_app_is_served() -> None:
    assert current.find() is None
    with pytest.raises(NoTenant, match="APP_NAME"):
        current.get()


def test_leaving_an_inner_app_restores_the_outer_one() -> None:
    with current.use("amal"):
        with current.use("thurayya") as inner:
            seen = (inner.name, name_here())
        restored = name_here()

    assert (seen, restored, name_here()) == (("thurayya", "thurayya"), "amal", None)


def test_an_exception_restores_what_was_before() -> None:
    with current.use("amal"):
        with pytest.raises(ZeroDivisionError), current.use("thurayya"):
            _ = 1 / 0
        restored = name_here()

    assert (restored, name_here()) == ("amal", None)


def test_one_block_can_be_entered_again_while_it_is_open() -> None:
    serving = current.use("amal")

    with serving, current.use("thurayya"):
        with serving:
            innermost = name_here()
        between = name_here()

    assert (innermost, between, name_here()) == ("amal", "thurayya", None)


def test_one_block_can_be_entered_by_two_tasks_at_once() -> None:
    serving = current.use("amal")
    first_is_in, second_is_in = asyncio.Event(), asyncio.Event()

    async def first() -> str | None:
        with serving:
            first_is_in.set()
            await second_is_in.wait()
            return name_here()

    async def second() -> str | None:
        await first_is_in.wait()
        with serving:
            second_is_in.set()
            await asyncio.sleep(0.01)
            return name_here()

    async def both() -> tuple[str | None, str | None]:
        seen = await asyncio.gather(first(), second())
        return seen[0], seen[1]

    assert asyncio.run(both()) == ("amal", "amal")


def test_it_takes_an_app_itself(thurayya: App) -> None:
    with current.use(thurayya) as app:
        assert current.get() is app is thurayya


def test_an_unknown_name_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownApp, match=r"'thuraya'; there are amal, .*thurayya"):
        current.use("thuraya")


def test_a_decorated_function_runs_in_its_app() -> None:
    @current.use("amal")
    def greet(word: str, *, mark: str = "!") -> str:
        """Greet."""
        return f"{word} {name_here()}{mark}"

    with current.use("thurayya"):
        greeting = greet("hello", mark="?")
        restored = name_here()

    assert (greeting, restored) == ("hello amal?", "thurayya")
    assert (greet.__name__, greet.__doc__) == ("greet", "Greet.")


def test_a_decorated_function_that_raises_leaves_nothing_behind() -> None:
    @current.use("amal")
    def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert name_here() is None


def test_a_decorated_function_can_call_itself() -> None:
    @current.use("amal")
    def count(depth: int) -> list[str | None]:
        return [*(count(depth - 1) if depth else []), name_here()]

    assert count(3) == ["amal"] * 4
    assert name_here() is None


def test_a_decorated_coroutine_runs_in_its_app_across_awaits() -> None:
    @current.use("amal")
    async def wait() -> str | None:
        await asyncio.sleep(0)
        return name_here()

    async def outside() -> tuple[str | None, str | None]:
        return await wait(), name_here()

    assert asyncio.run(outside()) == ("amal", None)


def test_coroutines_of_different_apps_do_not_see_each_other() -> None:
    async def look(name: str) -> list[str | None]:
        seen = []
        with current.use(name):
            for _ in range(20):
                await asyncio.sleep(0)
                seen.append(name_here())
        return seen

    async def race() -> tuple[list[str | None], list[str | None]]:
        seen = await asyncio.gather(look("amal"), look("thurayya"))
        return seen[0], seen[1]

    assert asyncio.run(race()) == (["amal"] * 20, ["thurayya"] * 20)


def test_a_thread_starts_without_an_app() -> None:
    seen: list[str | None] = []

    with current.use("amal"):
        thread = Thread(target=lambda: seen.append(name_here()))
        thread.start()
        thread.join()

    assert seen == [None]


def test_a_decorated_function_runs_in_many_threads_at_once() -> None:
    look = {name: current.use(name)(name_here) for name in ("amal", "thurayya")}
    wanted = ["amal", "thurayya"] * 50

    with ThreadPoolExecutor(4) as pool:
        seen = list(pool.map(lambda name: look[name](), wanted))

    assert seen == wanted


def test_a_pinned_process_serves_its_app_in_every_thread(unpin: None, thurayya: App) -> None:
    current.pin(thurayya)

    with ThreadPoolExecutor(1) as pool:
        in_a_thread = pool.submit(name_here).result()

    assert (name_here(), in_a_thread, current.pinned()) == ("thurayya", "thurayya", thurayya)


def test_a_block_stands_over_the_pin_and_ends(unpin: None, thurayya: App) -> None:
    current.pin(thurayya)

    with current.use("amal"):
        inside = name_here()

    assert (inside, name_here()) == ("amal", "thurayya")
