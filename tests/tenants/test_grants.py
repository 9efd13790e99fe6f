"""An app's own MySQL account: what it sees is its own app's, by any route."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, connections
from django.db.utils import ConnectionHandler

from accounts.models import User
from alphazed.settings.env import ROOT
from tenants import current, grants
from tenants.migrating.migration import migrate_app
from tenants.registry.app import App
from tests.tenants.migrating.conftest import WriteMigrations, migrations_of_lending

__all__ = ["migrations_of_lending"]

on_mysql = pytest.mark.skipif(
    not settings.DATABASES["default"]["ENGINE"].endswith("mysql"), reason="SQLite has no accounts"
)


@pytest.fixture
def url(transactional_db: None, thurayya: App) -> Iterator[str]:
    """The DATABASE_URL that `grant_app thurayya` prints."""
    with current.use("amal"):
        User.objects.create(kind="learner", name="Salma")
    out = StringIO()
    call_command("grant_app", "thurayya", stdout=out)
    yield out.getvalue().splitlines()[-1].removeprefix("DATABASE_URL=")
    with current.use(thurayya):
        grants.drop_account()


@pytest.fixture
def as_thurayya(url: str) -> Iterator[Callable[[str], list[tuple[object, ...]]]]:
    """Run SQL, logged in as thurayya's account."""
    account = urlsplit(url)
    changes = {"USER": account.username, "PASSWORD": account.password}
    session = ConnectionHandler({"default": settings.DATABASES["default"] | changes}).create_connection("default")

    def run(sql: str) -> list[tuple[object, ...]]:
        with current.use("thurayya"), session.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    yield run
    session.close()


def manage(url: str, *arguments: str, app: str = "thurayya") -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": "/usr/bin:/bin", "DATABASE_URL": url, "APP_NAME": app}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@on_mysql
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM amal_users",
        "SELECT name FROM thurayya_users UNION SELECT name FROM amal_users",
        "SELECT (SELECT count(*) FROM amal_users)",
        "SELECT * FROM thurayya_users JOIN amal_users USING (id)",
        "TABLE amal_users",
        "INSERT INTO thurayya_users SELECT * FROM amal_users",
        "UPDATE thurayya_users t JOIN amal_users a USING (id) SET t.name = a.name",
        "DELETE FROM amal_users",
        "UPDATE amal_users SET name = 'x'",
        "INSERT INTO amal_users (id) VALUES (1)",
        "LOCK TABLES amal_users READ",
        "SHOW CREATE TABLE amal_users",
        "SHOW COLUMNS FROM amal_users",
        "SHOW INDEX FROM amal_users",
        "DESCRIBE amal_users",
        "EXPLAIN SELECT * FROM amal_users",
        "HANDLER amal_users OPEN",
        "ANALYZE TABLE amal_users",
        "CHECKSUM TABLE amal_users",
        "CREATE TABLE thurayya_copy AS SELECT * FROM amal_users",
        "CREATE TABLE thurayya_copy LIKE amal_users",
        "CREATE TEMPORARY TABLE copy AS SELECT * FROM amal_users",
        "CREATE VIEW thurayya_view AS SELECT * FROM amal_users",
        "CREATE PROCEDURE peek() SELECT * FROM amal_users",
        "CREATE FUNCTION peek() RETURNS INT READS SQL DATA RETURN (SELECT count(*) FROM amal_users)",
        "CREATE EVENT peek ON SCHEDULE EVERY 1 DAY DO DELETE FROM amal_users",
        "CREATE TRIGGER peek BEFORE INSERT ON thurayya_users FOR EACH ROW DELETE FROM amal_users",
        "ALTER TABLE amal_users RENAME thurayya_stolen",
        "RENAME TABLE amal_users TO thurayya_stolen",
        "TRUNCATE TABLE amal_users",
        "DROP TABLE amal_users",
        "SELECT * FROM amal_users INTO OUTFILE '/tmp/stolen'",
        "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE amal_users",
        "SELECT * FROM mysql.user",
        "SELECT * FROM performance_schema.events_statements_history",
        "GRANT SELECT ON amal_users TO CURRENT_USER",
        "CREATE USER accomplice",
        "SET GLOBAL general_log = 1",
        "ALTER TABLE thurayya_users ADD COLUMN more INT",
        "UPDATE {app}django_migrations SET name = 'x'",
    ],
)
def test_what_it_may_not_do_is_denied_by_the_database(
    as_thurayya: Callable[[str], list[tuple[object, ...]]], sql: str
) -> None:
    with pytest.raises(DatabaseError, match=r"denied|not allowed|disabled|need \(at least one of\)|[Aa]ccess"):
        as_thurayya(sql)


@on_mysql
def test_a_prepared_statement_is_no_way_around(as_thurayya: Callable[[str], list[tuple[object, ...]]]) -> None:
    with pytest.raises(DatabaseError, match="denied"):
        as_thurayya("PREPARE peek FROM 'SELECT * FROM amal_users'")


@on_mysql
def test_other_apps_tables_are_not_even_listed(as_thurayya: Callable[[str], list[tuple[object, ...]]]) -> None:
    listed = as_thurayya("SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()")
    columns = as_thurayya("SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = DATABASE()")

    names = {str(name) for (name,) in [*listed, *columns]}
    assert "thurayya_users" in names
    assert {name for name in names if not name.startswith("thurayya_")} == set()


@on_mysql
def test_its_own_rows_it_reads_and_writes(as_thurayya: Callable[[str], list[tuple[object, ...]]]) -> None:
    as_thurayya("INSERT INTO {app}licences (`key`, name, url, source, notice) VALUES ('a', 'A', '', '', '')")
    as_thurayya("UPDATE {app}licences SET name = 'B'")

    assert as_thurayya("SELECT name FROM {app}licences") == [("B",)]
    as_thurayya("DELETE FROM {app}licences")
    assert len(as_thurayya("SELECT 1 FROM {app}django_migrations")) > 20


@on_mysql
def test_raw_sql_in_its_shell_reads_no_other_apps_rows(url: str) -> None:
    script = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT * FROM amal_users')"

    done = manage(url, "shell", "--no-imports", "-c", script)

    assert done.returncode != 0
    assert "SELECT command denied to user" in done.stderr


@on_mysql
def test_another_apps_process_cannot_live_on_its_account(url: str) -> None:
    script = "from accounts.models import User; print(User.objects.count())"

    own = manage(url, "shell", "-v", "0", "-c", script)
    other = manage(url, "shell", "-v", "0", "-c", script, app="amal")

    assert (own.returncode, own.stdout.strip()) == (0, "0")
    assert "denied" in other.stderr


@on_mysql
def test_tables_are_changed_by_the_owner_only(url: str) -> None:
    with current.use("thurayya"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM {app}django_migrations WHERE app = 'sessions'")
        cursor.execute("DROP TABLE {app}django_session")

    refused = manage(url, "migrate_apps")

    assert refused.returncode == 1
    assert "name a user who may in MIGRATIONS_DATABASE_URL" in refused.stderr
    with current.use("thurayya"):
        migrate_app()
    assert manage(url, "migrate_apps").stdout == "thurayya: up to date\n"


@on_mysql
def test_after_a_migration_the_account_has_the_new_table_and_not_the_old(
    as_thurayya: Callable[[str], list[tuple[object, ...]]], thurayya: App, migrations_of_lending: WriteMigrations
) -> None:
    with current.use(thurayya._replace(rooms=("lending",))):
        migrate_app()
        as_thurayya("INSERT INTO {app}loans (book) VALUES ('Kalila')")
        assert as_thurayya("SELECT book FROM {app}loans") == [("Kalila",)]

        migrations_of_lending('migrations.DeleteModel("Loan")')
        migrate_app(may_contract=True)

        assert grants.find_differences() == []
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM {app}django_migrations WHERE app = 'lending'")


@on_mysql
def test_privileges_that_somebody_added_by_hand_are_taken_back(url: str) -> None:
    with current.use("thurayya"):
        with connection.cursor() as cursor:
            cursor.execute(f"GRANT SELECT ON amal_users TO {grants.account()}")
            cursor.execute(f"REVOKE INSERT ON thurayya_jobs FROM {grants.account()}")
        assert [each.table for each in grants.find_differences()] == ["amal_users", "thurayya_jobs"]

        assert grants.grant_tables() == 2

        assert grants.find_differences() == []


@on_mysql
def test_the_account_is_told_once_and_kept(url: str) -> None:
    again, anew = StringIO(), StringIO()
    call_command("grant_app", "thurayya", stdout=again)
    assert "DATABASE_URL" not in again.getvalue()
    assert manage(url, "showmigrations", "jobs").returncode == 0

    call_command("grant_app", "thurayya", new_password=True, stdout=anew)

    assert manage(url, "showmigrations", "jobs").returncode != 0
    assert manage(anew.getvalue().split("DATABASE_URL=")[1].strip(), "showmigrations", "jobs").returncode == 0


@on_mysql
def test_a_rehearsal_makes_no_account(transactional_db: None) -> None:
    out = StringIO()

    call_command("grant_app", "thurayya", dry_run=True, stdout=out)

    assert "would create" in out.getvalue()
    with current.use("thurayya"):
        assert not grants.are_used()


@pytest.mark.skipif(settings.DATABASES["default"]["ENGINE"].endswith("mysql"), reason="MySQL has accounts")
def test_on_sqlite_there_are_no_accounts() -> None:
    with pytest.raises(CommandError, match="accounts of apps are MySQL's"):
        call_command("grant_app", "thurayya")


@pytest.fixture(autouse=True)
def _no_connection_stays(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "transactional_db" in request.fixturenames:
        connections.close_all()
