"""Django's admin with the project's own site: rooms register on it without knowing it."""

from importlib import import_module
from pkgutil import iter_modules
from typing import override

from django.apps import AppConfig, apps
from django.contrib import admin
from django.contrib.admin import sites
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import module_has_submodule


class BossAdminConfig(AdminConfig):
    default_site = "bossadmin.sites.BossAdminSite"

    @override
    def ready(self) -> None:
        """Put the site in place before rooms register on it: unfold, which is ready first, has put its own there."""
        admin.site = sites.site = sites.DefaultAdminSite()  # type: ignore[assignment]
        super().ready()
        _import_folders()


def _import_folders() -> None:
    """Find the pages of rooms that keep them in a folder: Django imports `<room>.admin` and nothing below it."""
    rooms = [room for room in apps.get_app_configs() if room.module and module_has_submodule(room.module, "admin")]
    for room in rooms:
        folder = import_module(f"{room.name}.admin")
        for module in iter_modules(getattr(folder, "__path__", ())):
            import_module(f"{folder.__name__}.{module.name}")


class BossAdminRoomConfig(AppConfig):
    """The room itself: its templates and translations. Django's admin, above, looks for them in its own folder."""

    name = "bossadmin"
    verbose_name = "Dashboard"
