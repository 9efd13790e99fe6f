"""What a bundle tells: where it comes from, a curriculum, and the files that its assets are."""

from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple

from content.bundles.archive import Archive, BundleError, Member, member_of
from content.bundles.lines import is_keys, read_lines, write_lines
from content.curricula.blueprint import Curriculum, StoredFile
from tenants.registry.catalogue import NAME


class Source(NamedTuple):
    """Where a bundle's content comes from, and how much of it this is."""

    app: str
    curriculum: str
    release: int | None  # what the app's children were given at the time; drafts may be ahead of it
    only_units: tuple[str, ...]  # empty: everything that was live

    @property
    def name(self) -> str:
        """The name under which an importing app keeps what this source has brought."""
        return f"bundle:{self.app}"


def describe(source: Source, curriculum: Curriculum) -> dict[str, Any]:
    """Return what the manifest says besides its members."""
    return {"source": source._asdict(), "counts": _count(curriculum)}


def list_members(curriculum: Curriculum, open_file: Callable[[str], BinaryIO]) -> list[Member]:
    """Return what goes into the archive: the parts of the curriculum, then each file once, by its SHA-256."""
    parts = [member_of(_part_name(part), lines) for part, lines in write_lines(curriculum).items()]
    files = [
        Member(_file_name(digest), size, digest, lambda digest=digest: open_file(digest))  # type: ignore[misc]
        for digest, size in sorted(list_files(curriculum).items())
    ]
    return parts + files


def list_files(curriculum: Curriculum) -> dict[str, int]:
    """Return the sizes of the files that the assets are, by SHA-256."""
    return {asset.data.sha256: asset.data.size for asset in curriculum.assets if isinstance(asset.data, StoredFile)}


def read_contents(archive: Archive) -> tuple[Source, Curriculum]:
    """Return what a bundle tells, or raise `BundleError` where it contradicts itself.

    Every member has been read once when this returns: no damaged file is found when others are stored already.
    """
    source = _read_source(archive)
    curriculum = read_lines({part: archive.read(_part_name(part)) for part in Curriculum._fields})
    if archive.about.get("counts") != _count(curriculum):
        raise BundleError(f"{archive.name} does not hold as much as its manifest says")
    files = {_file_name(digest): StoredFile(digest, size) for digest, size in list_files(curriculum).items()}
    wanted = dict.fromkeys(map(_part_name, Curriculum._fields)) | files
    for name in sorted(wanted.keys() ^ archive.members.keys()):
        raise BundleError(f"{archive.name} does not hold together: {name} is missing, or nothing needs it")
    for name, file in files.items():
        member = archive.members[name]
        if (member["sha256"], member["size"]) != file:
            raise BundleError(f"{archive.name} does not hold together: {name} is another file than its asset's")
        archive.read(name)
    return source, curriculum


def read_file(archive: Archive, digest: str) -> bytes:
    """Return the bytes of an asset's file."""
    return archive.read(_file_name(digest))


def _read_source(archive: Archive) -> Source:
    fields = archive.about.get("source")
    if not isinstance(fields, dict) or fields.keys() != set(Source._fields) or not is_keys(fields["only_units"]):
        raise BundleError(f"{archive.name} does not say where it comes from")
    source = Source(**fields | {"only_units": tuple(fields["only_units"])})
    if not NAME.fullmatch(source.app):
        raise BundleError(f"{archive.name} comes from {source.app!r}, which is no app's name")
    return source


def _count(curriculum: Curriculum) -> dict[str, int]:
    return {part: len(values) for part, values in curriculum._asdict().items()}


def _part_name(part: str) -> str:
    return f"{part}.jsonl"


def _file_name(digest: str) -> str:
    return f"files/{digest}"
