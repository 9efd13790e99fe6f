"""Bringing an app's tables up to date."""

from threading import Event, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections

from tenants import current, journal
from tenants.journal import Work
from tenants.migrating import locks
from tenants.migrating.locks import Busy
from tenants.migrating.migration import Contracts, is_migrated, make_plan, migrate_app
from tenants.registry.app import App
from tests.tenants.migrating.conftest import WriteMigrations

ADD_DUE = 'migrations.AddField("Loan", "due", models.DateField(null=True))'
DROP_BOOK = 'migrations.RemoveField("Loan", "book")'
FAIL = 'migrations.RunSQL("SELECT 1 FROM {app}nowhere", hints={"expands": True})'


def rows_of(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def columns_of(table: str) -> set[str]:
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def test_an_empty_app_gets_all_its_tables_and_nothing_is_left_in_the_journal(scratch: App) -> None:
    done = migrate_app()

    assert done.applied > 20
    assert {"users", "jobs", "concepts", "django_migrations"} <= set(connection.introspection.table_names())
    assert is_migrated()
    assert journal.list_unfinished() == []


def test_progress_counts_to_the_number_of_migrations(scratch: App) -> None:
    seen: list[tuple[int, int]] = []

    done = migrate_app(progress=lambda *step: seen.append(step))

    assert seen == [(number, done.applied) for number in range(1, done.applied + 1)]


def test_doing_it_again_does_nothing(scratch: App) -> None:
    migrate_app()

    assert migrate_app().applied == 0


def test_a_room_that_the_app_does_not_have_gets_no_table(scratch: App, migrations_of_lending: WriteMigrations) -> None:
    migrate_app()

    assert "loans" not in connection.introspection.table_names()
    assert rows_of("SELECT * FROM {app}django_migrations WHERE app = 'lending'") == []
    assert is_migrated()


def test_a_room_enabled_later_is_just_migrated(scratch: App, migrations_of_lending: WriteMigrations) -> None:
    migrate_app()

    with current.use(scratch._replace(rooms=("lending",))):
        assert make_plan().migrations == ["lending.0001_step"]
        migrate_app()

        assert "loans" in connection.introspection.table_names()


def test_what_takes_something_away_is_refused_and_nothing_is_changed(
    with_lending: App, migrations_of_lending: WriteMigrations
) -> None:
    migrate_app()
    migrations_of_lending(ADD_DUE, DROP_BOOK)

    with pytest.raises(Contracts, match=r"^lending\.0003_step drops Loan\.book$"):
        migrate_app()

    assert columns_of("loans") == {"id", "book"}


def test_what_takes_something_away_is_done_when_told(with_lending: App, migrations_of_lending: WriteMigrations) -> None:
    migrate_app()
    migrations_of_lending(ADD_DUE, DROP_BOOK)

    migrate_app(may_contract=True)

    assert columns_of("loans") == {"id", "due"}


def test_what_failed_on_empty_tables_may_still_take_away_when_it_goes_on(
    with_lending: App, migrations_of_lending: WriteMigrations
) -> None:
    """Nobody has been served from these tables yet, although some of them are there."""
    migrations_of_lending(FAIL, DROP_BOOK)
    with pytest.raises(DatabaseError):
        migrate_app()
    migrations_of_lending(ADD_DUE, DROP_BOOK)

    migrate_app()

    assert columns_of("loans") == {"id", "due"}
    assert is_migrated()


def test_a_data_step_runs_once_however_often_its_migration_is_begun(
    with_lending: App, migrations_of_lending: WriteMigrations
) -> None:
    migrate_app()
    insert = "migrations.RunSQL(\"INSERT INTO {app}loans (book) VALUES ('Kalila')\", hints={'expands': True})"
    migrations_of_lending(f"{ADD_DUE}, {insert}, {FAIL}")
    with pytest.raises(DatabaseError):
        migrate_app()
    migrations_of_lending(f"{ADD_DUE}, {insert}")

    migrate_app()

    assert rows_of("SELECT book FROM {app}loans") == [("Kalila",)]
    assert columns_of("loans") == {"id", "book", "due"}


@pytest.mark.parametrize(
    "change",
    [
        """migrations.AlterUniqueTogether("Loan", {("book", "due")}), migrations.AlterUniqueTogether("Loan", set())""",
        """migrations.AddIndex("Loan", models.Index(fields=["book"], name="loans_book")),
        migrations.RenameIndex("Loan", "loans_title", "loans_book"), migrations.RemoveIndex("Loan", "loans_title")""",
        """migrations.RenameField("Loan", "book", "title"), migrations.AlterModelTable("Loan", "leases")""",
        """migrations.AddConstraint("Loan", models.CheckConstraint(condition=~models.Q(book=""), name="loans_named")),
        migrations.RemoveConstraint("Loan", "loans_named")""",
        """migrations.AddField("Loan", "before", models.ForeignKey("lending.Loan", models.CASCADE, null=True)),
        migrations.AlterField("Loan", "book", models.CharField(max_length=90, unique=True)),
        migrations.RemoveField("Loan", "before"), migrations.DeleteModel("Loan")""",
    ],
    ids=["unique together", "index", "renamed", "check", "foreign key"],
)
def test_a_migration_that_broke_off_at_its_end_is_finished_over_what_it_had_done(
    with_lending: App, migrations_of_lending: WriteMigrations, change: str
) -> None:
    migrations_of_lending(ADD_DUE)
    migrate_app()
    migrations_of_lending(ADD_DUE, f"{change}, {FAIL}")
    with pytest.raises(DatabaseError):
        migrate_app(may_contract=True)
    migrations_of_lending(ADD_DUE, change)

    migrate_app(may_contract=True)

    assert is_migrated()


def test_a_mistake_is_not_taken_for_something_done_before(
    with_lending: App, migrations_of_lending: WriteMigrations
) -> None:
    migrate_app()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE {app}loans ADD COLUMN due date")
    migrations_of_lending(ADD_DUE)

    with pytest.raises(DatabaseError, match=r"(?i)duplicate column"):
        migrate_app()


def test_while_one_process_changes_the_tables_another_is_refused(scratch: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "PATIENCE_S", 0)
    is_held, may_end = Event(), Event()

    def hold() -> None:
        with current.use(scratch), locks.hold():
            is_held.set()
            may_end.wait(10)
        connections.close_all()

    holder = Thread(target=hold)
    holder.start()
    is_held.wait(10)
    try:
        with pytest.raises(Busy, match="another process is changing the tables of scratch"):
            migrate_app()
    finally:
        may_end.set()
        holder.join()

    assert connection.introspection.table_names() == []
    with locks.hold(), locks.hold():
        assert migrate_app().applied > 20


def test_an_unfinished_migration_is_not_taken_for_done(scratch: App) -> None:
    migrate_app()
    journal.begin(Work.MIGRATE)

    assert not is_migrated()
    assert make_plan().is_resumed
    migrate_app()
    assert is_migrated()
