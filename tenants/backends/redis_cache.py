"""The cache on Redis. A module of its own, as django-redis is installed on AWS only."""

from typing import override

from django_redis.cache import RedisCache
from django_redis.util import CacheKey

from tenants import current

#: Keys that Redis looks at before it serves somebody else again.
SCANNED_AT_ONCE = 1000


class AppRedisCache(RedisCache):  # type: ignore[misc]  # it has no types
    """Django-redis, where `clear` empties the current app's part only: its own flushes the whole database."""

    @override
    def clear(self) -> None:
        # A whole key as it stands in Redis: no prefix or version is put before it. Names of apps hold no wildcard.
        self.delete_pattern(CacheKey(f"{current.get().name}:*"), itersize=SCANNED_AT_ONCE)
