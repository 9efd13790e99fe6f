"""Django's command, which would call every migration pending where no app is current and no table is seen."""

from typing import Any, override

from django.core.management.commands import showmigrations

from tenants import current
from tenants.migrating.executor import AppLoader

# As with `migrate`: rooms that the app does not have are not listed as pending.
showmigrations.MigrationLoader = AppLoader  # type: ignore[attr-defined]


class Command(showmigrations.Command):
    @override
    def handle(self, *args: Any, **options: Any) -> Any:
        current.get()
        return super().handle(*args, **options)
