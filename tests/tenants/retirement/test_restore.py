"""An app comes back out of its export as it was, or not at all."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import Client

from accounts.models import User
from content.models import ContentByte
from tenants import current, journal
from tenants.exports.files import has_files
from tenants.registry import catalogue
from tenants.registry.app import App
from tests.phones import Phone
from tests.registries import list_tables
from tests.tenants.retirement.lunar import (
    FILE,
    amend_manifest,
    change_members,
    read_files,
    read_manifest,
    read_rows,
    restore,
    retire,
)


@pytest.fixture
def exported(lunar: App, output: Path) -> Path:
    """Lunar's export; there is nothing else of it any more."""
    retire(output)
    return output


def is_gone() -> bool:
    with current.use(catalogue.stand_in("lunar")):
        return not list_tables("lunar") and not has_files() and "lunar" not in catalogue.list_apps()


def answer(phone: Phone, byte: int) -> None:
    now = datetime.now(UTC).isoformat()
    given = {"client_id": str(byte), "byte_id": byte, "outcome": "correct", "answered_at": now, "utc_offset_min": 180}
    answered = phone.post(f"/user/{phone.learner}/answers", {"sent_at": now, "answers": [given]})
    assert answered.json()["accepted"] == 1, answered.content


def test_it_comes_back_row_by_row_and_file_by_file(lunar: App, output: Path, registry: Path) -> None:
    rows, files = read_rows(lunar), read_files(lunar)
    retire(output)

    said = restore(output)

    assert said.startswith("lunar: restored as of ")
    assert read_rows(lunar) == rows
    assert len([table for table in rows if rows[table]]) > 25
    assert read_files(lunar) == files != {}
    assert (registry / "lunar.toml").read_bytes() == FILE.encode()
    assert ("grant_app lunar" in said) == (connection.vendor == "mysql")


def test_what_it_exports_then_is_what_was_exported_before(exported: Path, tmp_path: Path) -> None:
    restore(exported)
    retire(tmp_path / "again.zip")

    first, second = read_manifest(exported), read_manifest(tmp_path / "again.zip")
    assert first | {"made_at": ""} == second | {"made_at": ""}


def test_a_child_goes_on_where_it_was(lunar: App, output: Path) -> None:
    phone = Phone(lunar, Client())
    with current.use(lunar):
        graded = ContentByte.objects.exclude(kind="meet").order_by("pk").values_list("pk", flat=True)
        first, last = graded[0], graded[len(graded) - 1]
    answer(phone, first)
    before = [phone.get(f"/user/{phone.learner}/{what}").json() for what in ("progress", "today")]
    retire(output)

    restore(output)

    assert [phone.get(f"/user/{phone.learner}/{what}").json() for what in ("progress", "today")] == before
    answer(phone, last)
    assert len(phone.get(f"/user/{phone.learner}/progress").json()) == len(before[0]) + 1


def test_an_id_that_was_given_once_is_not_given_again(lunar: App, output: Path) -> None:
    """A token of somebody who was erased must not open the account of somebody who comes later."""
    with current.use(lunar):
        erased = User.objects.create(kind=User.Kind.LEARNER)
        last = erased.pk
        erased.delete()
    retire(output)

    restore(output)

    with current.use(lunar):
        assert User.objects.create(kind=User.Kind.LEARNER).pk > last


def test_migrations_that_are_newer_than_the_export_are_applied(lunar: App, output: Path) -> None:
    with current.use(lunar):
        call_command("migrate", "jobs", "0001", verbosity=0)
    users = read_rows(lunar)["lunar_users"]
    retire(output)

    said = restore(output)

    assert "; 1 newer migrations applied" in said
    with current.use(lunar), connection.cursor() as cursor:
        assert "headers" in {row.name for row in connection.introspection.get_table_description(cursor, "jobs")}
        assert journal.list_unfinished() == []
    assert read_rows(lunar)["lunar_users"] == users


def test_a_dry_run_verifies_and_changes_nothing(exported: Path) -> None:
    rows = read_manifest(exported)["tables"]

    said = restore(exported, "--dry-run")

    assert said.startswith(f"lunar: {sum(table['rows'] for table in rows.values())} rows and ")
    assert is_gone()


#: What an export may say of itself that is not so here, and the answer.
LIES: dict[str, Callable[[dict[str, Any]], object]] = {
    r"the export is of format 2, and this code reads 1": lambda said: said.update(format=2),
    r"its manifest cannot be read": lambda said: said.pop("format"),
    r"was made on oracle, and DATABASE_URL names ": lambda said: said.update(engine="oracle"),
    r"name: must match": lambda said: said.update(app="../lunar"),
    r"amal is an app already": lambda said: said.update(app="amal"),
    r"jobs\.0099_later, which this code has not: use newer": lambda said: said["migrations"]["jobs"].append(
        "0099_later"
    ),
    r"tables/users\.jsonl is missing, or not of it": lambda said: said["tables"].pop("users"),
    r"tables/users\.jsonl is not what was exported": lambda said: said["tables"]["users"].update(rows=1),
    r"users: the migrations of the export make other": lambda said: said["tables"]["users"]["columns"].append("rank"),
    r"learning_days.*: the migrations of the export make other": lambda said: said["migrations"].pop("learning"),
}


def test_an_export_that_says_what_is_not_so_is_refused(exported: Path, tmp_path: Path) -> None:
    for answer_to_it, lie in LIES.items():
        amended = Path(shutil.copy(exported, tmp_path / "amended.zip"))
        amend_manifest(amended, lie)

        with pytest.raises(CommandError, match=answer_to_it):
            restore(amended)

        assert is_gone(), answer_to_it


#: What an archive may hold that was not exported, and the answer.
MEMBERS: dict[str, Callable[[dict[str, bytes]], object]] = {
    r"it has no manifest that can be read": lambda members: members.pop("manifest.json"),
    r"tables/users\.jsonl is missing, or not of it": lambda members: members.pop("tables/users.jsonl"),
    r"tables/more\.jsonl is missing, or not of it": lambda members: members.update({"tables/more.jsonl": b""}),
    r"files/\.\./\.\./x is missing, or not of it": lambda members: members.update({"files/../../x": b""}),
    r"registry\.toml is not what was exported": lambda members: members.update({"registry.toml": b"#"}),
    r"tables/users\.jsonl is not what was exported": lambda members: members.update({"tables/users.jsonl": b"[]\n"}),
}


def test_an_export_that_holds_something_else_is_refused(exported: Path, tmp_path: Path) -> None:
    for answer_to_it, change in MEMBERS.items():
        changed = Path(shutil.copy(exported, tmp_path / "changed.zip"))
        change_members(changed, change)

        with pytest.raises(CommandError, match=answer_to_it):
            restore(changed)

        assert is_gone(), answer_to_it


def test_an_export_that_is_cut_off_or_no_archive_is_refused(exported: Path) -> None:
    whole = exported.read_bytes()

    for length in (0, 1, 1000, len(whole) - 1):
        exported.write_bytes(whole[:length])

        with pytest.raises(CommandError, match="is no export of an app, or is cut off"):
            restore(exported)

        assert is_gone()


def test_a_file_that_is_not_there_is_refused(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.zip cannot be read: No such file or directory"):
        restore(tmp_path / "nothing.zip")


def test_the_export_of_another_app_than_the_one_named_is_refused(exported: Path) -> None:
    with pytest.raises(CommandError, match="the export is of lunar, not of qais; name that, or none"):
        restore(exported, "qais")

    assert is_gone()


def test_an_app_that_is_there_is_not_replaced(exported: Path, lunar: App) -> None:
    restore(exported)
    rows = read_rows(lunar)

    with pytest.raises(CommandError, match="lunar is an app already; choose another name"):
        restore(exported)

    assert read_rows(lunar) == rows


def test_a_host_that_is_another_apps_by_now_is_refused(exported: Path, registry: Path) -> None:
    (registry / "moon.toml").write_text(FILE + 'hosts = ["lunar.localhost"]\n', "utf-8")
    catalogue.forget()

    with pytest.raises(CommandError, match=r"lunar\.toml: hosts: lunar\.localhost belongs to moon already"):
        restore(exported)

    assert is_gone()


def test_what_does_not_come_back_as_exported_is_taken_back(exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.retirement.restoring._load", lambda table, rows: None)

    with pytest.raises(CommandError, match="did not come back as exported"):
        restore(exported)

    assert is_gone()
