"""Django's `migrate`, for one app of many."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, override

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError

from tenants import current, journal
from tenants.journal import Work
from tenants.migrating.executor import AppExecutor

if TYPE_CHECKING:
    from django.db.migrations import Migration

#: Told how many migrations are done, and of how many.
type Progress = Callable[[int, int], None]

#: MySQL's answers to a statement that the account may not run: on a table, on a database, on a user.
DENIED = frozenset({1044, 1142, 1227})

# The command looks its executor up in its own module and has no other way to be given one.
migrate.MigrationExecutor = AppExecutor  # type: ignore[attr-defined]


class Command(migrate.Command):
    """Migrate the current app; a run that was killed is finished by the next."""

    def __init__(self, progress: Progress | None = None, total: int = 0) -> None:
        super().__init__()
        self._progress, self._total, self._done = progress, total, 0

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        current.get()
        try:
            super().handle(*args, **options)
            if not (options["plan"] or options["check_unapplied"] or options["prune"]):
                journal.end(Work.MIGRATE)
        except OperationalError as error:
            if error.args[0] in DENIED:
                raise CommandError(f"{error.args[1]}; name a user who may in MIGRATIONS_DATABASE_URL") from error
            raise

    @override
    def migration_progress_callback(
        self, action: str, migration: "Migration | None" = None, fake: bool = False
    ) -> None:
        super().migration_progress_callback(action, migration, fake)
        if action == "apply_success" and self._progress:
            self._done += 1
            self._progress(self._done, self._total)
