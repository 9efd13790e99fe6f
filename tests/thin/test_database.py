"""The kit's own connection, without Django."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from thin.database import DirectDatabase, MysqlDatabase, SqliteDatabase, connect


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/a%20folder.sqlite3"


@pytest.fixture
def database(url: str) -> Iterator[DirectDatabase]:
    database = connect(url, "amal_")
    database.execute("CREATE TABLE {app}notes (id INTEGER PRIMARY KEY, words TEXT UNIQUE)")
    yield database
    database.close()


@pytest.fixture
def other(url: str) -> Iterator[DirectDatabase]:
    """Another process's connection to the same file."""
    other = connect(url, "amal_")
    yield other
    other.close()


def words_in(database: DirectDatabase) -> list[str]:
    return [words for (words,) in database.select("SELECT words FROM {app}notes ORDER BY id")]


def add(database: DirectDatabase, words: str) -> None:
    database.execute("INSERT INTO {app}notes (words) VALUES (%s)", (words,))


def test_the_file_of_the_url_is_opened(database: DirectDatabase, tmp_path: Path) -> None:
    assert isinstance(database, SqliteDatabase)
    assert (tmp_path / "a folder.sqlite3").exists()


def test_tables_carry_the_apps_prefix(database: DirectDatabase, url: str) -> None:
    thurayyas = connect(url, "thurayya_")

    with pytest.raises(sqlite3.OperationalError, match="no such table: thurayya_notes"):
        thurayyas.select("SELECT * FROM {app}notes")

    assert database.select("SELECT name FROM sqlite_master WHERE type = 'table'") == [("amal_notes",)]
    thurayyas.close()


def test_what_is_written_alone_is_committed_at_once(database: DirectDatabase, other: DirectDatabase) -> None:
    add(database, "one")

    assert words_in(other) == ["one"]


def test_a_transaction_is_seen_by_others_when_it_ends(database: DirectDatabase, other: DirectDatabase) -> None:
    with database.transaction():
        add(database, "one")
        add(database, "two")
        during = words_in(other)

    assert (during, words_in(other)) == ([], ["one", "two"])


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_exception_undoes_the_transaction(database: DirectDatabase, error: type[BaseException]) -> None:
    def write_and_fail() -> None:
        with database.transaction():
            add(database, "one")
            raise error

    with pytest.raises(error):
        write_and_fail()

    assert words_in(database) == []


def test_the_databases_own_error_undoes_the_transaction(database: DirectDatabase, other: DirectDatabase) -> None:
    def write_twice() -> None:
        with database.transaction():
            add(database, "one")
            add(database, "one")

    with pytest.raises(sqlite3.IntegrityError):
        write_twice()

    add(other, "two")
    assert words_in(database) == ["two"]


def test_the_connection_serves_on_after_a_transaction_that_failed(database: DirectDatabase) -> None:
    with pytest.raises(ValueError, match="no"), database.transaction():
        raise ValueError("no")

    with database.transaction():
        add(database, "one")

    assert words_in(database) == ["one"]


def test_a_second_writer_waits_for_the_first_and_loses_nothing(database: DirectDatabase, url: str) -> None:
    """A deferred transaction that reads before it writes would fail here, whatever its timeout."""
    add(database, "0")

    def count_up(_: int) -> None:
        mine = connect(url, "amal_")
        for _ in range(20):
            with mine.transaction():
                ((number,),) = mine.select("SELECT words FROM {app}notes")
                mine.execute("UPDATE {app}notes SET words = %s", (str(int(number) + 1),))
        mine.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count_up, range(4)))

    assert words_in(database) == ["80"]


def test_many_rows_are_written_in_one_call(database: DirectDatabase) -> None:
    database.execute_many("INSERT INTO {app}notes (id, words) VALUES (%s, %s)", [(1, "one"), (2, "two")])

    assert words_in(database) == ["one", "two"]


def test_no_rows_are_no_call(database: DirectDatabase) -> None:
    database.execute_many("INSERT INTO {app}no_such_table (id) VALUES (%s)", [])

    assert words_in(database) == []


@pytest.mark.parametrize("words", ["{app}notes", "%s ?", "'; DROP TABLE amal_notes; --", "كَتَبَ 🌱", "100 %"])
def test_text_is_stored_as_it_is(database: DirectDatabase, words: str) -> None:
    add(database, words)

    assert database.select("SELECT words FROM {app}notes WHERE words = %s", [words]) == [(words,)]


def test_rows_are_locked_where_the_database_can() -> None:
    nothing: Any = None

    assert SqliteDatabase(nothing, "").for_update == ""
    assert MysqlDatabase(nothing, "").for_update == " FOR UPDATE"
