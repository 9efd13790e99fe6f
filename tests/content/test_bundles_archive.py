"""A bundle is believed as a whole or not at all, whatever has happened to it on its way."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest

from content.bundles import archive
from content.bundles.archive import MANIFEST, SIGNATURE, BundleError, member_of, open_archive, sign, write_archive

KEY = b"a key that two installations share"
ABOUT = {"source": "amal", "counts": {"bytes": 2}}
MEMBERS = {"bytes.jsonl": b'{"key":"letter/alef#meet"}\n' * 3, "files/00": bytes(range(256)) * 2}


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return write(tmp_path / "letters.zip")


def write(path: Path, key: bytes = KEY, about: Any = ABOUT) -> Path:
    with path.open("wb") as file:
        write_archive(file, about=about, members=[member_of(*member) for member in MEMBERS.items()], key=key)
    return path


def read(path: Path, key: bytes = KEY) -> dict[str, Any]:
    """Return all that a bundle tells."""
    with open_archive(path, key=key) as opened:
        return {"about": opened.about, **{name: opened.read(name) for name in opened.members}}


def pack_again(bundle: Path, change: Callable[[dict[str, bytes]], object], compression: int = ZIP_STORED) -> Path:
    """Zip a bundle's members anew after a change, as anybody could."""
    with ZipFile(bundle) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    change(members)
    with ZipFile(bundle, "w", compression) as opened:
        for name, data in members.items():
            opened.writestr(ZipInfo(name), data, compression)
    return bundle


def places_told(bundle: Path) -> set[int]:
    """Return where in the file the manifest, its signature and the members stand."""
    whole = bundle.read_bytes()
    with ZipFile(bundle) as opened:
        data = [opened.read(name) for name in opened.namelist()]
    return {place for told in data for place in range(whole.index(told), whole.index(told) + len(told))}


def test_what_is_written_is_read(bundle: Path) -> None:
    told = read(bundle)

    assert {name: told[name] for name in MEMBERS} == MEMBERS
    assert ABOUT.items() <= told["about"].items()


def test_it_says_nothing_of_when_and_where_it_was_written(bundle: Path, tmp_path: Path) -> None:
    assert write(tmp_path / "other.zip").read_bytes() == bundle.read_bytes()
    assert {entry.date_time for entry in ZipFile(bundle).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_change_anywhere_in_what_it_tells_is_refused(bundle: Path) -> None:
    whole, told = bundle.read_bytes(), places_told(bundle)
    assert len(told) > 900

    for place in told:
        bundle.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BundleError):
            read(bundle)


def test_a_change_beside_it_is_refused_or_changes_nothing(bundle: Path) -> None:
    """The zip's own headers are not signed: nothing that is believed stands in them."""
    whole, told = bundle.read_bytes(), read(bundle)
    beside = set(range(len(whole))) - places_told(bundle)
    assert len(beside) > 400

    for place in beside:
        bundle.write_bytes(whole[:place] + random.randbytes(1) + whole[place + 1 :])
        try:
            assert read(bundle) == told
        except BundleError:
            continue


def test_a_file_that_was_cut_off_is_refused(bundle: Path) -> None:
    whole = bundle.read_bytes()

    for length in random.sample(range(len(whole)), 100):
        bundle.write_bytes(whole[:length])
        with pytest.raises(BundleError, match="is not a bundle, or is damaged"):
            read(bundle)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda members: members.update({"more.jsonl": b"{}"}), "'more.jsonl' is not in its manifest"),
        (lambda members: members.update({"../../etc/cron.d/evil": b""}), "'../../etc/cron.d/evil' is not in its"),
        (lambda members: members.update({"/etc/evil": b""}), "'/etc/evil' is not in its manifest"),
        (lambda members: members.pop("files/00"), "'files/00' is missing"),
        (lambda members: members.update({"files/00": b"\0" * 512}), "files/00 is not what the manifest says"),
        (lambda members: members.update({"files/00": b"\0" * 513}), "files/00 has not the size"),
        (lambda members: members.pop(MANIFEST), "it has no manifest.json"),
        (lambda members: members.pop(SIGNATURE), "or no signature"),
        (lambda members: members.update({SIGNATURE: b""}), "has not the size of one"),
        (lambda members: members.update({SIGNATURE: b"0" * 64}), "no valid signature"),
        (lambda members: members.update({SIGNATURE: "é".encode() * 32}), "no valid signature"),
        (lambda members: members.update({MANIFEST: b"{}"}), "no valid signature"),
        (lambda members: members.update({MANIFEST: b"{}", SIGNATURE: sign(b"{}", b"mine")}), "another BUNDLE_KEY"),
    ],
)
def test_what_was_packed_anew_with_something_else_is_refused(
    bundle: Path, change: Callable[[dict[str, bytes]], object], said: str
) -> None:
    with pytest.raises(BundleError, match=said):
        read(pack_again(bundle, change))


def test_the_same_members_packed_anew_are_still_believed(bundle: Path) -> None:
    told = read(bundle)

    assert read(pack_again(bundle, lambda _: None)) == told


def test_a_compressed_member_is_refused_before_it_is_unfolded(bundle: Path) -> None:
    with pytest.raises(BundleError, match="has not the size"):
        read(pack_again(bundle, lambda members: members.update({MANIFEST: b" " * 2**25}), ZIP_DEFLATED))


def test_a_manifest_too_large_to_be_one_is_not_read(bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MANIFEST_LIMIT", 100)

    with pytest.raises(BundleError, match="has not the size of one"):
        read(bundle)


def test_no_manifest_is_written_that_would_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MANIFEST_LIMIT", 100)

    with pytest.raises(BundleError, match="cannot hold 2 files; export fewer units"):
        write(tmp_path / "large.zip")


def test_two_members_of_one_name_are_refused(bundle: Path) -> None:
    with ZipFile(bundle, "a") as opened, pytest.warns(UserWarning, match="Duplicate name"):
        opened.writestr("files/00", b"another")

    with pytest.raises(BundleError, match="two of its members have one name"):
        read(bundle)


def test_another_installations_key_is_not_believed(bundle: Path) -> None:
    with pytest.raises(BundleError, match=r"no valid signature: .* installations that exchange bundles set the same"):
        read(bundle, key=b"the key of another installation")


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"version": 2}, "is of format version 2, and only 1 is known here"),
        ({"version": None}, "is of format version None"),
        ({"format": "something else"}, "is not a content bundle, although it is signed"),
    ],
)
def test_another_format_is_refused_by_its_name(tmp_path: Path, about: dict[str, Any], said: str) -> None:
    with pytest.raises(BundleError, match=said):
        read(write(tmp_path / "later.zip", about=about))


def test_what_is_no_file_of_the_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not a zip")
    shutil.make_archive(str(tmp_path / "plain"), "zip", Path(__file__).parent, "curricula")

    for name, said in (
        ("none.zip", "none.zip cannot be read: No such file"),
        ("", "cannot be read: Is a directory"),
        ("text.zip", "text.zip is not a bundle, or is damaged"),
        ("plain.zip", "plain.zip is not a bundle: it has no manifest.json"),
    ):
        with pytest.raises(BundleError, match=said):
            read(tmp_path / name)
