"""The cache as it is configured on AWS, on a real Redis."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import BaseCache
from django_redis.cache import RedisCache

from alphazed.settings.env import Environment, Infra
from alphazed.settings.infra import caches
from tenants import current
from tests.redis_server import run_redis


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    with run_redis(tmp_path) as url:
        yield url


@pytest.fixture
def cache(redis_url: str) -> Iterator[BaseCache]:
    env = Environment(infra=Infra.AWS, secret_key="s", database_url="mysql://u@h/d", redis_url=redis_url)
    facts = caches(env)["default"]
    cache = RedisCache(facts["LOCATION"], {"KEY_FUNCTION": facts["KEY_FUNCTION"]})
    yield cache
    cache.client.get_client().connection_pool.disconnect()


def test_the_same_key_is_another_entry_in_another_app(cache: BaseCache) -> None:
    for app in ("amal", "thurayya"):
        with current.use(app):
            cache.set("greeting", f"hello from {app}")

    with current.use("amal"):
        assert cache.get("greeting") == "hello from amal"
    with current.use("thurayya"):
        assert cache.get("greeting") == "hello from thurayya"


def test_nothing_is_cached_where_no_app_is_current(cache: BaseCache) -> None:
    with pytest.raises(current.NoTenant):
        cache.set("greeting", "hello")
