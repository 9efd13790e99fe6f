"""Django's process-wide caches of rows, keyed by app.

The stock ones are keyed by database alias: after one request for amal, thurayya's content types would have amal's ids.
"""

import sys
from collections.abc import Iterator, MutableMapping
from typing import Any, override

from django.apps import apps

from tenants import current


def _app_name() -> str | None:
    app = current.find()
    return app and app.name


class PerApp(MutableMapping[Any, Any]):
    """A dictionary that is another one for each app."""

    def __init__(self) -> None:
        self._by_app: dict[str | None, dict[Any, Any]] = {}

    def _mine(self) -> dict[Any, Any]:
        return self._by_app.setdefault(_app_name(), {})

    @override
    def __getitem__(self, key: Any) -> Any:
        return self._mine()[key]

    @override
    def __setitem__(self, key: Any, value: Any) -> None:
        self._mine()[key] = value

    @override
    def __delitem__(self, key: Any) -> None:
        del self._mine()[key]

    @override
    def __iter__(self) -> Iterator[Any]:
        return iter(self._mine())

    @override
    def __len__(self) -> int:
        return len(self._mine())


class ContentTypeCache:
    """Data descriptor over `ContentTypeManager._cache`.

    On the class and not on a manager: managers are copied, and what was attached to one is lost on its copies. The
    dictionary that the manager made for itself, which its copies share, holds one dictionary per app.
    """

    def __get__(self, manager: Any, owner: type | None = None) -> Any:
        if manager is None:
            return self
        return manager.__dict__["_cache"].setdefault(_app_name(), {})

    def __set__(self, manager: Any, value: dict[Any, Any]) -> None:
        manager.__dict__["_cache"] = value


def install() -> None:
    """Put the caches in place once models are ready; called at each connect, and cheap when done."""
    if not apps.models_ready:
        return
    if apps.is_installed("django.contrib.contenttypes"):
        from django.contrib.contenttypes.models import ContentTypeManager  # noqa: PLC0415 - needs ready apps

        if not isinstance(ContentTypeManager.__dict__.get("_cache"), ContentTypeCache):
            ContentTypeManager._cache = ContentTypeCache()  # type: ignore[attr-defined]
    sites = sys.modules.get("django.contrib.sites.models")
    if sites and not isinstance(sites.SITE_CACHE, PerApp):
        sites.SITE_CACHE = PerApp()  # type: ignore[attr-defined]
        # Django's own puts a plain dictionary in its place, which all apps would share.
        sites.SiteManager.clear_cache = lambda _: sites.SITE_CACHE.clear()
