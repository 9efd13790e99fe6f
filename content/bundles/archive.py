"""The file that a bundle is: a zip with a manifest, the manifest's signature, and members.

The manifest pins every member by size and SHA-256, so its signature holds them all. Nothing in the file is believed
before that signature has been checked, and then only what the manifest lists: no member's name ever becomes a path.

Members are stored, not compressed: the same content gives the same bytes whichever version of zlib a machine has, and
nothing can unfold into more than the file itself holds.
"""

import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

FORMAT = "alphazed content bundle"
VERSION = 1
MANIFEST = "manifest.json"
SIGNATURE = "manifest.hmac-sha256"
MANIFEST_LIMIT = 16 * 2**20
"""Bytes: all that is read of a file before its signature is checked. Room for 90,000 members."""

CHUNK = 2**20


class BundleError(ValueError):
    """A bundle cannot be written, read or believed; the message says which and why."""


class Member(NamedTuple):
    """A file of the archive, and how to open what goes into it."""

    name: str
    size: int
    sha256: str
    open: Callable[[], BinaryIO]


def member_of(name: str, data: bytes) -> Member:
    """Make a member of some bytes."""
    return Member(name, len(data), sha256(data).hexdigest(), lambda: BytesIO(data))


def encode(value: object) -> bytes:
    """Return JSON that is the same for the same value, also where a database has shuffled the keys of an object."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def sign(manifest: bytes, key: bytes) -> bytes:
    """Return the signature as it stands in the file: hexadecimal HMAC-SHA256."""
    return hmac.digest(key, manifest, "sha256").hex().encode()


def write_archive(
    file: BinaryIO,
    *,
    about: Mapping[str, Any],
    members: Sequence[Member],
    key: bytes,
    progress: Callable[[int, int], object] = lambda _done, _total: None,
) -> None:
    """Write a bundle; refuse a member that is not what it is said to be, such as a damaged asset."""
    pinned = [{"name": member.name, "size": member.size, "sha256": member.sha256} for member in members]
    manifest = encode({"format": FORMAT, "version": VERSION, **about, "members": pinned})
    if len(manifest) > MANIFEST_LIMIT:
        raise BundleError(f"a bundle cannot hold {len(members)} files; export fewer units at once")
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for signed in (member_of(MANIFEST, manifest), member_of(SIGNATURE, sign(manifest, key))):
            _add(archive, signed)
        for done, member in enumerate(members, start=1):
            _add(archive, member)
            progress(done, len(members))


def _add(archive: ZipFile, member: Member) -> None:
    # A zip says when and on which system it was made, and what rights its files had. None of that is content: the date
    # stays at 1980, where a zip's calendar begins.
    entry = ZipInfo(member.name)
    entry.create_system, entry.external_attr, entry.file_size = 3, 0o644 << 16, member.size
    digest = sha256()
    with member.open() as source, archive.open(entry, "w") as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    if digest.hexdigest() != member.sha256:
        raise BundleError(
            f"{member.name} is damaged: its bytes are not those of its SHA-256; bring the file back first"
        )


class Archive:
    """A bundle whose signature has been checked, and whose members are those of its manifest."""

    def __init__(self, file: ZipFile, name: str, key: bytes) -> None:
        self.name = name
        self._file = file
        self._entries = _list_entries(file, name)
        self.about = _parse_manifest(_read_signed(file, self._entries, name, key), name)
        self.members = {member["name"]: member for member in self.about["members"]}
        self._compare_with_manifest()

    def read(self, name: str) -> bytes:
        """Return a member, whole and as the manifest has it."""
        if name not in self.members:
            raise BundleError(f"{self.name} holds no {name}")
        with refusing_damage(self.name):
            data = self._file.read(self._entries[name])
        if sha256(data).hexdigest() != self.members[name]["sha256"]:
            raise BundleError(f"{self.name} is damaged: {name} is not what the manifest says")
        return data

    def _compare_with_manifest(self) -> None:
        there, listed = self._entries.keys() - {MANIFEST, SIGNATURE}, self.members.keys()
        if differing := sorted(there ^ listed):
            which = "is not in its manifest" if differing[0] in there else "is missing"
            raise BundleError(f"{self.name} is damaged: {differing[0]!r} {which}")
        for name, member in self.members.items():
            if _size(self._entries[name]) != member["size"]:
                raise BundleError(f"{self.name} is damaged: {name} has not the size that the manifest says")


@contextmanager
def open_archive(path: Path, *, key: bytes) -> Iterator[Archive]:
    """Open a bundle, or raise `BundleError`."""
    with refusing_damage(str(path)):
        file = ZipFile(path)
    with file:
        yield Archive(file, str(path), key)


@contextmanager
def refusing_damage(name: str) -> Iterator[None]:
    """Say in one way what the library says in many: this file is no zip, or no longer a whole one."""
    try:
        yield
    except OSError as error:
        raise BundleError(f"{name} cannot be read: {error.strerror or error}") from error
    # What the library raises for a zip that lies about itself, besides its own error.
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, IndexError) as error:
        raise BundleError(f"{name} is not a bundle, or is damaged: {error}") from error


def _list_entries(file: ZipFile, name: str) -> dict[str, ZipInfo]:
    entries = {entry.filename: entry for entry in file.infolist()}
    if MANIFEST not in entries or SIGNATURE not in entries:
        raise BundleError(f"{name} is not a bundle: it has no {MANIFEST}, or no signature")
    if len(entries) != len(file.infolist()):
        raise BundleError(f"{name} is damaged: two of its members have one name")
    return entries


def _size(entry: ZipInfo) -> int:
    """Return how many bytes reading gives; -1 for an entry that no bundle has, such as a compressed one."""
    return entry.file_size if entry.compress_type == ZIP_STORED and entry.compress_size == entry.file_size else -1


def _read_signed(file: ZipFile, entries: Mapping[str, ZipInfo], name: str, key: bytes) -> bytes:
    if not 0 <= _size(entries[MANIFEST]) <= MANIFEST_LIMIT or _size(entries[SIGNATURE]) != len(sign(b"", key)):
        raise BundleError(f"{name} is not a bundle: its manifest or signature has not the size of one")
    with refusing_damage(name):
        manifest, signature = file.read(entries[MANIFEST]), file.read(entries[SIGNATURE])
    if not hmac.compare_digest(signature, sign(manifest, key)):
        raise BundleError(
            f"{name} has no valid signature: it was changed on its way, or signed with another BUNDLE_KEY; "
            "installations that exchange bundles set the same one"
        )
    return manifest


def _parse_manifest(manifest: bytes, name: str) -> dict[str, Any]:
    about: dict[str, Any] = json.loads(manifest)
    # A signed manifest is believed; of another version's, only that it says which one.
    if about.get("format") != FORMAT:
        raise BundleError(f"{name} is not a content bundle, although it is signed")
    if about.get("version") != VERSION:
        raise BundleError(
            f"{name} is of format version {about.get('version')}, and only {VERSION} is known here; "
            "export it again with the version of Alphazed that imports it"
        )
    return about
