"""Write what is live in the current app to a bundle."""

import filecmp
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from content.bundles.archive import BundleError, write_archive
from content.bundles.contents import Source, describe, list_members
from content.curricula.blueprint import Curriculum
from content.curricula.languages import keep_languages
from content.files import Folder, open_file
from content.models import Publication
from content.services.bundles.live import LeftOut, read_live
from content.services.upserts import Progress
from tenants import current


class Exported(NamedTuple):
    """What an export wrote."""

    curriculum: Curriculum
    left_out: LeftOut
    size: int  # bytes


def export_bundle(*, path: Path, progress: Progress, only_units: tuple[str, ...] = ()) -> Exported:
    """Write all that is live, or these units of it, to a file that is there whole or not at all.

    The same content gives the same bytes; a file that holds other ones is left alone.

    Raises:
        BundleError: there is nothing to export, or the file cannot be written.
        CurriculumError: an editor's row does not hold together, and names its key.

    """
    app = current.get()
    with _reading_one_moment():
        curriculum, left_out = read_live(only_units)
        published = Publication.objects.select_related("release").first()
    # What another app could not import is refused here, where it can be mended.
    curriculum = keep_languages(curriculum, app.languages)
    curriculum.validate(app.languages)
    source = Source(app.name, app.curriculum, published.release.number if published else None, only_units)
    members = list_members(curriculum, _open_asset)
    with _writing_whole(path) as file:
        write_archive(
            file,
            about=describe(source, curriculum),
            members=members,
            key=settings.BUNDLE_KEY.encode(),
            progress=partial(progress, "files"),
        )
    return Exported(curriculum, left_out, path.stat().st_size)


@contextmanager
def _reading_one_moment() -> Iterator[None]:
    """Let all queries see the content as it was at one moment.

    The connection's READ COMMITTED lets each query see what was committed before it: an import that ends between two
    of them would give bytes without their concepts. On SQLite a transaction is such a moment already.
    """
    if connection.vendor == "mysql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            # Of the next transaction alone; the connection, which is kept, stays as it was.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    with transaction.atomic():
        yield


@contextmanager
def _writing_whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file that takes its name once it is whole, and only if no other file has the name."""
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            unfinished = Path(file.name)
        try:
            with unfinished.open("w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if not path.exists():
                unfinished.chmod(0o644)
                unfinished.rename(path)
            elif not filecmp.cmp(unfinished, path, shallow=False):
                raise BundleError(f"{path} is there already and holds something else; name another file, or remove it")
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise BundleError(f"{path} cannot be written: {error.strerror or error}") from error


def _open_asset(digest: str) -> BinaryIO:
    try:
        return open_file(Folder.ASSETS, digest)
    except OSError as error:
        raise BundleError(f"the file {digest} cannot be read: {error.strerror or error}") from error
