"""The file that an app goes into: whole, of one moment, exact, and no larger in memory than a few rows."""

import os
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from threading import Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from content.models import SeasonOffset
from jobs.models import Job
from tenants import current
from tenants.exports.manifest import ExportError, decode_row, encode_row
from tenants.exports.reading import open_export
from tenants.exports.tables import copy_rows, find_changed, list_tables
from tenants.exports.writing import write_export
from tenants.registry.app import App
from tests.tenants.retirement.lunar import FILE, read_files, read_manifest

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def in_lunar(lunar: App) -> Iterator[App]:
    with current.use(lunar):
        yield lunar


def ignore(*_: object) -> None: ...


def test_it_says_what_it_holds(in_lunar: App, output: Path) -> None:
    write_export(output, registry=FILE, now=NOW, progress=ignore)

    manifest = read_manifest(output)
    assert (manifest["format"], manifest["app"], manifest["engine"]) == (1, "lunar", connection.vendor)
    assert manifest["made_at"] == "2026-11-23T12:00:00+00:00"
    assert "0001_initial" in manifest["migrations"]["learning"]
    assert manifest["tables"]["season_offsets"]["columns"] == ["id", "country", "days"]
    assert manifest["tables"]["season_offsets"]["rows"] == 1
    assert {name: file["size"] for name, file in manifest["files"].items()} == {
        name: len(data) for name, data in read_files(in_lunar).items()
    }
    assert "unfinished_work" not in manifest["tables"]


def test_all_of_it_is_of_one_moment(in_lunar: App, output: Path) -> None:
    """A child who starts while tables are read is in none of them, and not in some."""

    def start_a_child() -> None:
        SeasonOffset.objects.create(country="XX", days=1)
        connection.close()

    def be_disturbed(step: str, done: int, total: int) -> None:
        if (step, done) == ("tables", 1):
            thread = Thread(target=current.use(in_lunar)(start_a_child))
            thread.start()
            thread.join()

    write_export(output, registry=FILE, now=NOW, progress=be_disturbed)

    assert SeasonOffset.objects.count() == 2
    assert read_manifest(output)["tables"]["season_offsets"]["rows"] == 1
    with open_export(output) as reader:
        assert find_changed(reader.manifest.tables) == ["season_offsets"]


def test_a_large_table_takes_no_more_memory_than_a_small_one(in_lunar: App, output: Path) -> None:
    text = "x" * 2000
    Job.objects.bulk_create(Job(task="tests.note", arguments={"text": text}, run_after=NOW) for _ in range(5000))
    tracemalloc.start()

    write_export(output, registry=FILE, now=NOW, progress=ignore)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read_manifest(output)["tables"]["jobs"]["rows"] == 5001
    assert peak < 5000 * 2000 / 2, f"{peak} bytes at a time"


@pytest.mark.parametrize(
    ("value", "comes_back"),
    [
        (None, None),
        (0, 0),
        (-(2**63), -(2**63)),
        (2**64 - 1, 2**64 - 1),
        (0.1 + 0.2, 0.1 + 0.2),
        (5e-324, 5e-324),
        (-0.0, -0.0),
        ('قَمَرٌ\0\n\u2028\\"', 'قَمَرٌ\0\n\u2028\\"'),
        ("", ""),
        (b"", b""),
        (bytes(range(256)), bytes(range(256))),
        (Decimal("1.50"), "1.50"),
        (datetime(2026, 11, 23, 12, 0, 0, 1), "2026-11-23 12:00:00.000001"),  # noqa: DTZ001 - as drivers have them
        (date(2026, 11, 23), "2026-11-23"),
    ],
    ids=repr,
)
def test_a_value_comes_back_as_the_database_has_it(value: object, comes_back: object) -> None:
    line = encode_row((value,))

    [back] = decode_row(line)
    assert (repr(back), line.count(b"\n")) == (repr(comes_back), 1)


def test_bytes_in_a_table_come_back(in_lunar: App) -> None:
    kind = "longblob" if connection.vendor == "mysql" else "BLOB"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {{app}}sounds (id integer PRIMARY KEY, sound {kind}, price decimal(9,2))")
        cursor.execute("INSERT INTO {app}sounds VALUES (1, %s, 1.5), (2, NULL, NULL)", [bytes(range(256))])
    [sounds] = [table for table in list_tables() if table.name == "sounds"]

    lines: list[bytes] = []
    entry = copy_rows(sounds, lines.append)

    price = "1.50" if connection.vendor == "mysql" else 1.5
    assert [decode_row(line) for line in lines] == [[1, bytes(range(256)), price], [2, None, None]]
    assert (entry.rows, entry.columns) == (2, ("id", "sound", "price"))


def test_a_file_that_a_killed_writer_left_is_not_exported(in_lunar: App, output: Path) -> None:
    default_storage.save("packs/.half", ContentFile(b"ha"))

    write_export(output, registry=FILE, now=NOW, progress=ignore)

    assert "packs/.half" not in read_manifest(output)["files"]
    assert any(name.startswith("packs/") for name in read_manifest(output)["files"])


def test_what_a_killed_export_left_is_replaced(in_lunar: App, output: Path) -> None:
    stray = output.with_name(".lunar.export")
    stray.write_bytes(b"half")

    write_export(output, registry=FILE, now=NOW, progress=ignore)

    assert not stray.exists()
    with open_export(output) as reader:
        reader.verify(ignore)


def test_what_is_not_as_it_was_written_gets_no_name(
    in_lunar: App, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that loses what it was given is noticed before anything is dropped."""

    def lose_a_block(descriptor: int) -> None:
        os.pwrite(descriptor, bytes(512), 512)

    monkeypatch.setattr("tenants.exports.writing.os.fsync", lose_a_block)

    with pytest.raises(ExportError, match="is damaged: tables/"):
        write_export(output, registry=FILE, now=NOW, progress=ignore)

    assert [path.name for path in output.parent.iterdir() if path.is_file()] == []


def test_a_damaged_byte_is_noticed_wherever_it_is(in_lunar: App, output: Path) -> None:
    write_export(output, registry=FILE, now=NOW, progress=ignore)
    whole, manifest, places, harmless = output.read_bytes(), read_manifest(output), 150, 0

    for number in range(places):
        damaged = bytearray(whole)
        damaged[len(whole) * number // places] ^= 0x55
        output.write_bytes(damaged)
        try:
            with open_export(output) as reader:
                reader.verify(ignore)
                # Some bytes of an archive say nothing, such as when a member was written.
                harmless += 1
                assert reader.manifest.rows == sum(table["rows"] for table in manifest["tables"].values())
        except ExportError:
            continue

    assert harmless < places / 4
