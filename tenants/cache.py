"""A cache whose entries belong to an app: the keys, and what would reach past them."""

from typing import override

from django.core.cache.backends.locmem import LocMemCache

from tenants import current


def app_key(key: str, key_prefix: str, version: int | str) -> str:
    """Django's KEY_FUNCTION: the same key in another app is another entry."""
    return f"{key_space()}{key_prefix}:{version}:{key}"


def key_space() -> str:
    """Return what all keys of the current app begin with, and no other app's: no name holds a colon."""
    return f"{current.get().name}:"


class AppLocMemCache(LocMemCache):
    """The cache in the process, where `clear` empties the current app's part only."""

    @override
    def clear(self) -> None:
        own = key_space()
        # Django's own store and lock, which its type stubs do not have.
        with self._lock:  # type: ignore[attr-defined]
            for key in [key for key in self._cache if key.startswith(own)]:  # type: ignore[attr-defined]
                self._delete(key)  # type: ignore[attr-defined]
