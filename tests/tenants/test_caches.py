"""Whatever a cache can do, it does to the current app's entries: in the process and on a real Redis."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.test import override_settings
from django_redis.cache import RedisCache

from alphazed.settings import infra
from alphazed.settings.env import Environment, Infra
from tenants import current
from tenants.current import NoTenant
from tenants.registry.app import App
from tests.redis_server import run_redis

APPS = ("amal", "thurayya")
KEY_FUNCTION = "tenants.cache.app_key"
LOCAL = {"BACKEND": "tenants.cache.AppLocMemCache", "LOCATION": "tests", "KEY_FUNCTION": KEY_FUNCTION}
REDIS = {"BACKEND": "tenants.backends.redis_cache.AppRedisCache", "KEY_FUNCTION": KEY_FUNCTION}

type Do = Callable[[Any], Any]


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with run_redis(tmp_path_factory.mktemp("redis")) as url:
        yield url


def make_cache(facts: dict[str, Any]) -> Any:
    with override_settings(CACHES={"default": facts}):
        return caches.create_connection("default")


@pytest.fixture
def redis(redis_url: str) -> Iterator[Any]:
    cache = make_cache({**REDIS, "LOCATION": redis_url})
    yield cache
    cache.client.get_client().flushdb()
    cache.client.get_client().connection_pool.disconnect()


@pytest.fixture(params=["local", "redis"])
def cache(request: pytest.FixtureRequest) -> Any:
    """A cache in which each app has a greeting and a number."""
    cache = request.getfixturevalue("redis") if request.param == "redis" else make_cache(LOCAL)
    for name in APPS:
        with current.use(name):
            cache.clear()
            cache.set_many({"greeting": f"hello {name}", "number": len(name)})
    return cache


def entries(cache: Any, name: str) -> dict[str, Any]:
    with current.use(name):
        found: dict[str, Any] = cache.get_many(["greeting", "number", "new"])
        return found


#: What reads, and what amal must be told.
READS: dict[str, tuple[Do, Any]] = {
    "get": (lambda cache: cache.get("greeting"), "hello amal"),
    "get_many": (lambda cache: cache.get_many(["greeting", "new"]), {"greeting": "hello amal"}),
    "get_or_set": (lambda cache: cache.get_or_set("greeting", "nothing"), "hello amal"),
    "has_key": (lambda cache: (cache.has_key("greeting"), "new" in cache), (True, False)),
    "get_version": (lambda cache: cache.get("greeting", version=2), None),
}
#: What writes, and what amal's entries are afterwards.
WRITES: dict[str, tuple[Do, dict[str, Any]]] = {
    "set": (lambda cache: cache.set("greeting", "hi"), {"greeting": "hi", "number": 4}),
    "set_many": (lambda cache: cache.set_many({"greeting": "hi", "number": 0}), {"greeting": "hi", "number": 0}),
    "add": (lambda cache: cache.add("new", 1), {"greeting": "hello amal", "number": 4, "new": 1}),
    "get_or_set": (lambda cache: cache.get_or_set("new", 1), {"greeting": "hello amal", "number": 4, "new": 1}),
    "incr": (lambda cache: cache.incr("number", 3), {"greeting": "hello amal", "number": 7}),
    "decr": (lambda cache: cache.decr("number"), {"greeting": "hello amal", "number": 3}),
    "incr_version": (lambda cache: cache.incr_version("number"), {"greeting": "hello amal"}),
    "touch": (lambda cache: cache.touch("greeting", -1), {"number": 4}),
    "delete": (lambda cache: cache.delete("greeting"), {"number": 4}),
    "delete_many": (lambda cache: cache.delete_many(["greeting", "new"]), {"number": 4}),
    "clear": (lambda cache: cache.clear(), {}),
}


@pytest.mark.parametrize(("read", "told"), READS.values(), ids=READS)
def test_an_app_reads_its_own_entries(cache: Any, read: Do, told: Any) -> None:
    with current.use("amal"):
        assert read(cache) == told


@pytest.mark.parametrize(("write", "left"), WRITES.values(), ids=WRITES)
def test_an_app_writes_its_own_entries_only(cache: Any, write: Do, left: dict[str, Any]) -> None:
    with current.use("amal"):
        write(cache)

    assert entries(cache, "amal") == left
    assert entries(cache, "thurayya") == {"greeting": "hello thurayya", "number": 8}


@pytest.mark.parametrize("do", [do for do, _ in (READS | WRITES).values()], ids=READS | WRITES)
def test_nothing_is_read_or_written_where_no_app_is_current(cache: Any, do: Do) -> None:
    with pytest.raises(NoTenant):
        do(cache)

    assert entries(cache, "amal") == {"greeting": "hello amal", "number": 4}


def test_clearing_takes_every_prefix_and_version(cache: Any) -> None:
    """A key begins with the app, whatever stands behind."""
    with current.use("amal"):
        cache.key_prefix, cache.version = "pages", 7
        cache.set("greeting", "hello")
        cache.key_prefix, cache.version = "", 1

        cache.clear()

        cache.key_prefix, cache.version = "pages", 7
        assert cache.get("greeting") is None


def test_clearing_takes_nothing_of_an_app_whose_name_begins_alike(cache: Any, amal: App) -> None:
    beta = amal._replace(name="amalbeta")
    with current.use(beta):
        cache.set("greeting", "hello")

    with current.use("amal"):
        cache.clear()

    with current.use(beta):
        assert cache.get("greeting") == "hello"
        cache.clear()


def test_async_calls_reach_the_callers_entries(cache: Any) -> None:
    async def greet(name: str) -> Any:
        with current.use(name):
            await cache.aset("greeting", f"hi {name}")
            await asyncio.sleep(0)
            return await cache.aget("greeting")

    async def race() -> list[Any]:
        return await asyncio.gather(*map(greet, APPS * 3))

    assert asyncio.run(race()) == ["hi amal", "hi thurayya"] * 3


def test_what_django_redis_adds_is_the_apps_own_too(redis: Any) -> None:
    for name in APPS:
        with current.use(name):
            redis.set("page", name)

    with current.use("amal"):
        held = redis.lock("work", timeout=5)
        assert held.acquire(blocking=False)
        assert len(redis.keys("*")) == len(list(redis.iter_keys("*"))) == redis.delete_pattern("*") == 2
    with current.use("thurayya"):
        assert redis.lock("work", timeout=5).acquire(blocking=False)
        assert redis.get("page") == "thurayya"


@pytest.mark.parametrize("stock", [LocMemCache, RedisCache], ids=["local", "redis"])
def test_the_proof_fails_with_the_stock_caches(stock: type, redis: Any, redis_url: str) -> None:
    """Both empty everything that they hold."""
    facts = {"BACKEND": f"{stock.__module__}.{stock.__qualname__}", "KEY_FUNCTION": KEY_FUNCTION}
    cache = make_cache({**facts, "LOCATION": redis_url})
    with current.use("thurayya"):
        cache.set("greeting", "hello")

    cache.clear()

    assert entries(cache, "thurayya") == {}


def test_every_cache_that_is_configured_keys_by_app() -> None:
    for where, url in ((Infra.EMBEDDED, ""), (Infra.AWS, "redis://127.0.0.1/0")):
        env = Environment(infra=where, secret_key="s", database_url="sqlite:///d", redis_url=url)
        configured = infra.caches(env).values()

        assert {facts["KEY_FUNCTION"] for facts in configured} == {KEY_FUNCTION}
        assert {facts["BACKEND"] for facts in configured} <= {LOCAL["BACKEND"], REDIS["BACKEND"]}
