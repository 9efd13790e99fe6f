"""Content goes from one app to another, and stays what it was."""

from hashlib import sha256
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError

from content.files import Folder, is_stored, open_file
from content.models import Asset, Concept, ContentByte, Prerequisite, Unit
from content.tasks import BUILD_RELEASE
from jobs.models import Job
from tenants import current
from tests.bundles import SOUND, bring_in, copy_content, course, export, read_content, read_rows
from tests.curricula import small_curriculum
from tests.phones import Phone


@pytest.fixture
def bundle(db: None, tmp_path: Path) -> Path:
    """Amal's course, in a file."""
    bring_in("amal", course())
    return export("amal", tmp_path / "numbers.zip")


def members_of(bundle: Path) -> dict[str, bytes]:
    with ZipFile(bundle) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.startswith("manifest")}


def test_a_bundle_brings_the_same_content_to_another_app(bundle: Path) -> None:
    said = copy_content("import", "thurayya", bundle)

    assert read_content("thurayya") == read_content("amal")
    assert "29 created, 0 updated, 0 unchanged, 0 retired" in said.splitlines()[-1]


def test_a_file_has_the_same_bytes_in_the_other_app(bundle: Path) -> None:
    copy_content("import", "thurayya", bundle)

    with current.use("thurayya"), open_file(Folder.ASSETS, Asset.objects.get().sha256) as file:
        assert file.read() == SOUND


def test_a_child_of_the_other_app_gets_a_session_of_it(bundle: Path, thurayyas_phone: Phone) -> None:
    copy_content("import", "thurayya", bundle)
    with current.use("thurayya"):
        call_command("jobs_worker", "--once")

    items = thurayyas_phone.post("/content_duo/generate", {"user_id": thurayyas_phone.learner}).json()["items"]
    sound = thurayyas_phone.get(f"/app/assets/{sha256(SOUND).hexdigest()}")

    assert items[0]["payload"]["audio"] == "sounds/zero"
    assert b"".join(sound.streaming_content) == SOUND


def test_a_bundle_of_what_a_bundle_has_brought_is_the_same_one(bundle: Path, tmp_path: Path) -> None:
    copy_content("import", "thurayya", bundle)

    again = export("thurayya", tmp_path / "again.zip")

    assert members_of(again) == members_of(bundle)


def test_an_import_promises_one_release(bundle: Path) -> None:
    copy_content("import", "thurayya", bundle)

    with current.use("thurayya"):
        assert list(Job.objects.values_list("task", "arguments")) == [(BUILD_RELEASE, {"publish": True})]
    with current.use("amal"):
        assert not Job.objects.exists()


def test_the_same_bundle_again_changes_nothing(bundle: Path) -> None:
    copy_content("import", "thurayya", bundle)
    before = read_rows("thurayya")

    said = copy_content("import", "thurayya", bundle)

    assert "0 created, 0 updated, 29 unchanged, 0 retired" in said
    assert {**read_rows("thurayya"), "Job": []} == {**before, "Job": []}


def test_the_same_content_gives_the_same_bytes(bundle: Path, tmp_path: Path) -> None:
    other = export("amal", tmp_path / "other.zip")

    assert other.read_bytes() == bundle.read_bytes()


def test_an_export_over_the_same_bytes_is_no_fault(bundle: Path) -> None:
    before = bundle.stat()

    export("amal", bundle)

    assert (bundle.stat().st_ino, bundle.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_export_does_not_overwrite_what_holds_something_else(bundle: Path) -> None:
    other = bundle.with_name("notes.txt")
    other.write_text("mine")

    with pytest.raises(CommandError, match=r"notes\.txt is there already and holds something else"):
        export("amal", other)

    assert other.read_text() == "mine"
    assert sorted(path.name for path in bundle.parent.iterdir()) == ["notes.txt", "numbers.zip"]


def test_what_editors_have_made_goes_along_and_what_is_retired_does_not(bundle: Path, tmp_path: Path) -> None:
    with current.use("amal"):
        Concept.objects.filter(key="number/5").update(curriculum="", title={"ar": "خمسة"})
        Concept.objects.filter(key="number/4").update(is_live=False)
        ContentByte.objects.filter(key="number/3#meet").update(is_live=False)

    copy_content("import", "thurayya", export("amal", tmp_path / "edited.zip"))

    content = read_content("thurayya")
    assert content["order"] == ["number/0", "number/1", "number/2", "number/3", "number/5"]
    assert content["concepts"]["number/5"][2] == {"ar": "خمسة"}
    assert ("number/5", "number/4") not in content["prerequisites"]
    assert "number/3#meet" not in content["bytes"]


def test_concepts_are_found_by_the_same_words(bundle: Path) -> None:
    copy_content("import", "thurayya", bundle)

    with current.use("thurayya"):
        assert Concept.objects.get(search_text__contains="nought").key == "number/0"


def test_what_no_release_would_hold_is_left_out_and_counted(bundle: Path, tmp_path: Path) -> None:
    with current.use("amal"):
        digest = Asset.objects.get().sha256
        default_storage.delete(f"assets/{digest[:2]}/{digest}")
        ContentByte.objects.filter(concept__key="number/5").update(is_live=False)

    said = copy_content("export", "amal", "--output", tmp_path / "whole.zip")

    assert "5 concepts, 15 bytes" in said
    assert said.endswith("; left out: 1 bytes whose file is missing, 1 concepts without a byte\n")
    assert not any(name.startswith("files/") for name in members_of(tmp_path / "whole.zip"))


def test_a_file_that_is_damaged_stops_the_export(bundle: Path, tmp_path: Path) -> None:
    with current.use("amal"):
        digest = Asset.objects.get().sha256
        path = Path(default_storage.path(f"assets/{digest[:2]}/{digest}"))
    path.write_bytes(b"zero, mumbled"[: len(SOUND)])

    with pytest.raises(CommandError, match=rf"files/{digest} is damaged"):
        export("amal", tmp_path / "damaged.zip")

    assert not (tmp_path / "damaged.zip").exists()
    path.write_bytes(SOUND)


def test_a_row_that_another_app_could_not_take_stops_the_export(bundle: Path, tmp_path: Path) -> None:
    with current.use("amal"):
        ContentByte.objects.filter(key="number/2#meet").update(payload={"texts": "two"})

    with pytest.raises(CommandError, match=r"number/2#meet: \$: "):
        export("amal", tmp_path / "wrong.zip")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--units", "numbers/none"], "amal has no unit 'numbers/none'"),
        (["--units", "numbers/high"], "amal has nothing live to export in these units"),
        ([], "amal has nothing live to export$"),
    ],
)
def test_an_export_of_nothing_is_refused(db: None, tmp_path: Path, options: list[str], said: str) -> None:
    with current.use("amal"):
        Unit.objects.create(key="numbers/high", title={"ar": "ثانية"}, position=0)

    with pytest.raises(CommandError, match=said):
        export("amal", tmp_path / "none.zip", *options)

    assert list(tmp_path.iterdir()) == []


def test_a_dry_run_tells_what_would_change_and_changes_nothing(db: None, tmp_path: Path) -> None:
    # A sound of its own: tests share their files.
    bring_in("amal", course(sound=b"only tried"))
    bundle = export("amal", tmp_path / "tried.zip")
    before = read_rows("thurayya")

    said = copy_content("import", "thurayya", bundle, "--dry-run")

    assert said.splitlines()[-1] == (
        "thurayya: 29 created, 0 updated, 0 unchanged, 0 retired; was only tried, and nothing changed"
    )
    assert read_rows("thurayya") == before
    with current.use("thurayya"):
        assert not is_stored(Folder.ASSETS, sha256(b"only tried").hexdigest(), 10)


def test_a_dry_run_refuses_what_the_import_would_refuse(bundle: Path) -> None:
    bring_in("thurayya", small_curriculum(), name="quran")

    with pytest.raises(CommandError, match="thurayya has its own"):
        copy_content("import", "thurayya", bundle, "--dry-run")


def test_an_import_whose_release_cannot_be_promised_leaves_nothing(
    bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("content.management.commands.copy_content.enqueue", fail)

    with pytest.raises(ZeroDivisionError):
        copy_content("import", "thurayya", bundle)

    assert not any(read_rows("thurayya").values())


def test_prerequisites_that_an_editor_has_added_in_the_source_go_along(bundle: Path, tmp_path: Path) -> None:
    with current.use("amal"):
        concept, needs = (Concept.objects.get(key=f"number/{number}") for number in (5, 1))
        Prerequisite.objects.create(concept=concept, needs=needs)

    copy_content("import", "thurayya", export("amal", tmp_path / "more.zip"))

    assert ("number/5", "number/1") in read_content("thurayya")["prerequisites"]
