"""Releases: build a snapshot, publish it, go back to an earlier one."""

from dataclasses import dataclass
from hashlib import sha256

from django.db import transaction

from content.files import Folder, store
from content.models import Pack, Publication, Release
from content.release_index import dump
from content.services.snapshots import Snapshot, take_snapshot
from thin.errors import AppError
from thin.http import encode


class UnknownRelease(AppError):
    code = "unknown_release"
    http_status = 404
    title = "The app has no release of this number"


@dataclass(frozen=True, slots=True)
class _PackFile:
    key: str
    sha256: str
    size: int


def build_release() -> Release:
    """Freeze what is live and whole into a release; return the latest one when nothing has changed since.

    Files first, rows last: a process killed in between leaves files that the next build finds and nobody lists.
    """
    with transaction.atomic():
        # The first release serves as the lock: of two builds at once the slower one would publish, under the higher
        # number, what it had read before the faster one began. The very first two collide on their number instead.
        Release.objects.select_for_update().order_by("number").first()
        snapshot = take_snapshot()
        packs = [_store_pack(key, pack) for key, pack in snapshot.packs.items()]
        latest = Release.objects.order_by("-number").first()
        if latest and _is_same(latest, snapshot, packs):
            return latest
        return _create_release(number=latest.number + 1 if latest else 1, snapshot=snapshot, packs=packs)


def publish_release(*, number: int) -> Publication:
    """Point the app at a release, forward or back."""
    release = Release.objects.filter(number=number).first()
    if release is None:
        raise UnknownRelease(f"there is no release {number}", number=number)
    publication, _ = Publication.objects.update_or_create(id=Publication.THE_ONE, defaults={"release": release})
    return publication


def _store_pack(key: str, pack: dict[str, object]) -> _PackFile:
    data = encode(pack)
    return _PackFile(key, store(Folder.PACKS, data), len(data))


def _is_same(release: Release, snapshot: Snapshot, packs: list[_PackFile]) -> bool:
    """Tell whether a snapshot is what a release was made of: what phones get, and what sessions are made from."""
    there = release.packs.order_by("position").values_list("key", "sha256")
    if list(there) != [(pack.key, pack.sha256) for pack in packs]:
        return False
    return sha256(dump(snapshot.index(release.number))).hexdigest() == release.index_sha256


def _create_release(*, number: int, snapshot: Snapshot, packs: list[_PackFile]) -> Release:
    release = Release.objects.create(
        number=number,
        index_sha256=store(Folder.INDEXES, dump(snapshot.index(number))),
        concepts=len(snapshot.concepts),
        bytes=len(snapshot.bytes),
        left_out=snapshot.left_out,
    )
    Pack.objects.bulk_create(
        Pack(release=release, key=pack.key, sha256=pack.sha256, size=pack.size, position=position)
        for position, pack in enumerate(packs)
    )
    return release
