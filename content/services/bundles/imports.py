"""Bring a bundle's content into the current app."""

from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from content.bundles.archive import Archive, open_archive
from content.bundles.contents import Source, list_files, read_contents, read_file
from content.curricula.blueprint import Curriculum, Unit
from content.curricula.languages import keep_languages
from content.files import Folder, is_stored, store
from content.models import Unit as UnitRow
from content.services.bundles.conflicts import find_own_units, refuse_conflicts
from content.services.curricula import write_curriculum
from content.services.upserts import Changes, Progress
from tenants import current


def import_bundle(
    *, path: Path, replace: bool, dry_run: bool, progress: Progress, promise_release: Callable[[], object]
) -> Changes:
    """Create, update and retire rows until the app holds what the bundle does, and promise their release with them.

    What an earlier bundle of the same source brought is updated and retired, and nothing else, unless `replace` says
    so. All or nothing: rows and promise are one transaction. Files come first: they are named by what is in them, so
    that those left by an import that was killed are in nobody's way, and the next one finds them.

    Raises:
        BundleError: the file is not a bundle to be believed, or it would change what something else has brought.
        CurriculumError: the app cannot hold the content, such as one without a text in any of its languages.

    """
    with open_archive(path, key=settings.BUNDLE_KEY.encode()) as archive:
        source, curriculum = read_contents(archive)
        curriculum = keep_languages(curriculum, current.get().languages)
        curriculum.validate(current.get().languages)
        if not replace:
            refuse_conflicts(source.name, curriculum)
        if not dry_run:
            _store_files(archive, curriculum, progress)
    with transaction.atomic():
        if not replace:
            # Once more: an editor may have made a row while files were stored. One made later collides on its key.
            refuse_conflicts(source.name, curriculum)
        changes = _import_rows(source, curriculum, progress)
        if dry_run:
            transaction.set_rollback(True)
        else:
            promise_release()
    return changes


def _store_files(archive: Archive, curriculum: Curriculum, progress: Progress) -> None:
    files = list_files(curriculum)
    for done, (digest, size) in enumerate(files.items(), start=1):
        if not is_stored(Folder.ASSETS, digest, size):
            store(Folder.ASSETS, read_file(archive, digest))
        progress("files", done, len(files))


def _import_rows(source: Source, curriculum: Curriculum, progress: Progress) -> Changes:
    return write_curriculum(
        name=source.name,
        curriculum=curriculum,
        progress=progress,
        positions=_place_units(source, curriculum.units),
        only_units=source.only_units,
    )


def _place_units(source: Source, units: tuple[Unit, ...]) -> dict[str, int]:
    """Return each unit's position: in the bundle's order, and never between two units that the app has of its own.

    Units that others rest on too stay where they are, and so do the source's own as far as their order allows.
    """
    rows = {row.key: row for row in UnitRow.objects.all()}
    own = find_own_units(source.name)
    there = {key: row.position for key, row in rows.items() if row.pk in own}
    end = max((row.position for row in rows.values()), default=-1)
    last = min((there[unit.key] for unit in units if unit.key in there), default=end + 1) - 1
    positions = {unit.key: rows[unit.key].position for unit in units if unit.key in rows.keys() - there.keys()}
    for unit in units:
        if unit.key not in positions:
            last = positions[unit.key] = max(there.get(unit.key, 0), last + 1)
    return positions
