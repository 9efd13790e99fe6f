"""Django's migration executor, for one app of many and for processes that may be killed."""

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, override

from django.db.migrations import RunPython, RunSQL
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from tenants import current, journal
from tenants.journal import Work
from tenants.registry import catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.base.schema import BaseDatabaseSchemaEditor
    from django.db.migrations import Migration
    from django.db.migrations.state import ProjectState

#: Reading migrations reloads their packages, which threads must not do to each other.
_reading = Lock()


class AppLoader(MigrationLoader):
    """Read the migrations of the rooms that the current app has.

    A room left out is neither planned nor recorded, so that enabling it later just migrates it.
    """

    @override
    def load_disk(self) -> None:
        with _reading:
            super().load_disk()
        app = current.find()
        left_out = catalogue.OPTIONAL_ROOMS.difference(app.rooms if app else catalogue.OPTIONAL_ROOMS)
        self.migrated_apps -= left_out
        self.unmigrated_apps |= left_out
        self.disk_migrations = {key: each for key, each in self.disk_migrations.items() if key[0] not in left_out}


class AppExecutor(MigrationExecutor):
    """Apply migrations so that a killed process can be followed by another that finishes them.

    The record of a migration is committed with its tables where the database can do that (SQLite); on MySQL, where
    each statement is committed alone, the journal says which migration was begun, and it is run again over what is
    done. Its data steps (`RunPython`, `RunSQL`) are recorded in their own transactions and run once.
    """

    def __init__(self, connection: "BaseDatabaseWrapper", progress_callback: Any = None) -> None:  # noqa: ANN401 - Django's
        # Not through Django's own, which would read all migrations once more.
        self.connection = connection
        self.loader = AppLoader(connection)
        self.recorder = MigrationRecorder(connection)
        self.progress_callback = progress_callback

    def plan_all(self) -> "list[tuple[Migration, bool]]":
        """Return what the current app's tables lack, in order."""
        return self.migration_plan(self.loader.graph.leaf_nodes())

    def make_state(self) -> "ProjectState":
        """Return the models as the tables are now."""
        state: ProjectState = self._create_project_state(with_applied_migrations=True)  # type: ignore[attr-defined]
        return state

    @override
    def migrate(self, targets: Any, plan: Any = None, *args: Any, **options: Any) -> "ProjectState":
        if plan and not any(backwards for _, backwards in plan):
            journal.begin(Work.MIGRATE, detail="" if self.loader.applied_migrations else journal.FROM_EMPTY)
        return super().migrate(targets, plan, *args, **options)

    @override
    def apply_migration(
        self, state: "ProjectState", migration: "Migration", fake: bool = False, fake_initial: bool = False
    ) -> "ProjectState":
        if fake or fake_initial:
            return super().apply_migration(state, migration, fake, fake_initial)
        if self.progress_callback:
            self.progress_callback("apply_start", migration, fake)
        with self._editor(migration) as editor:
            state = migration.apply(state, editor)
            # Now, not on leaving: what was put off belongs before the record.
            for statement in editor.deferred_sql:
                editor.execute(statement, None)
            editor.deferred_sql.clear()
            self.record_migration(migration)  # type: ignore[call-arg, arg-type]  # as of Django 4
        if self.progress_callback:
            self.progress_callback("apply_success", migration, fake)
        return state

    @contextmanager
    def _editor(self, migration: "Migration") -> "Iterator[BaseDatabaseSchemaEditor]":
        if self.connection.features.can_rollback_ddl:
            with self.connection.schema_editor(atomic=migration.atomic) as editor:
                yield editor
            return
        # Only where MySQL is used is its client installed.
        from tenants.backends.mysql.base import DatabaseSchemaEditor  # noqa: PLC0415
        from tenants.backends.mysql.resuming import ResumingSchemaEditor  # noqa: PLC0415

        step = f"{migration.app_label}.{migration.name}"
        was_begun = journal.find(Work.MIGRATE, step) is not None
        journal.begin(Work.MIGRATE, step)
        once = [_once(operation, f"{step}#{number}") for number, operation in enumerate(migration.operations)]
        migration.operations = once  # type: ignore[misc]  # this loader's own migration, which others do not see
        editor_class = ResumingSchemaEditor if was_begun else DatabaseSchemaEditor
        with editor_class(self.connection, atomic=migration.atomic) as editor:
            yield editor


def _once(operation: Any, step: str) -> Any:  # noqa: ANN401 - any operation
    return DataStep(operation, step) if isinstance(operation, RunPython | RunSQL) else operation


class DataStep:
    """A step that changes rows, done once however often its migration is begun.

    It is struck off in the transaction that holds its rows; one that says `atomic=False` has none and may run twice.
    """

    def __init__(self, operation: RunPython | RunSQL, step: str) -> None:
        self._operation, self._step = operation, step

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - the operation's own
        return getattr(self._operation, name)

    def database_forwards(self, *arguments: Any) -> None:  # noqa: ANN401 - Django's
        if journal.find(Work.MIGRATE, self._step) is None:
            self._operation.database_forwards(*arguments)
            journal.begin(Work.MIGRATE, self._step)
