"""Copy content from one app to another, of this installation or another one, as a signed bundle."""

from argparse import ArgumentParser
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.template.defaultfilters import filesizeformat

from content.bundles.archive import BundleError
from content.curricula.blueprint import Curriculum, CurriculumError
from content.services.bundles.exports import export_bundle
from content.services.bundles.imports import import_bundle
from content.services.bundles.live import LeftOut
from content.tasks import BUILD_RELEASE
from jobs.services import enqueue
from tenants import current
from tenants.management.progress import showing_progress
from tenants.registry.catalogue import UnknownApp


class Command(BaseCommand):
    help = "Copy an app's live content into another app, here or in an installation that has the same BUNDLE_KEY."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        ways = parser.add_subparsers(dest="way", required=True, metavar="export | import")
        out = ways.add_parser("export", help="write what is live in an app to a bundle")
        out.add_argument("app", help="name of the app, such as amal")
        out.add_argument("--output", required=True, type=Path, help="the file to write, such as letters.zip")
        out.add_argument("--units", help="keys of units, with commas between; all of them when left out")
        back = ways.add_parser("import", help="bring a bundle's content into an app, and have it released")
        back.add_argument("app", help="name of the app")
        back.add_argument("bundle", type=Path, help="the file that `export` has written")
        back.add_argument("--dry-run", action="store_true", help="tell what would change, and change nothing")
        back.add_argument("--replace", action="store_true", help="also change rows that something else has brought")

    @override
    def handle(self, *args: Any, way: str, app: str, **options: Any) -> None:
        try:
            with current.use(app):
                done = self._export(**options) if way == "export" else self._import(**options)
        except (BundleError, CurriculumError, UnknownApp) as error:
            raise CommandError(str(error)) from error
        except (DatabaseError, OSError) as error:
            # Rows are one transaction, and a bundle gets its name when it is whole.
            raise CommandError(f"{app}: nothing was changed: {error}; run it again once that is mended") from error
        self.stdout.write(f"{app}: {done}")

    def _export(self, *, output: Path, units: str | None, verbosity: int, **_: object) -> str:
        # Sorted, as the same content is to give the same bytes.
        only_units = tuple(sorted({key.strip() for key in (units or "").split(",") if key.strip()}))
        if units is not None and not only_units:
            raise CommandError("--units names none; leave it out to export all units")
        with showing_progress(self.stdout, is_shown=bool(verbosity)) as progress:
            exported = export_bundle(path=output, only_units=only_units, progress=progress)
        return f"{_count(exported.curriculum)} in {output} ({filesizeformat(exported.size)}){_name(exported.left_out)}"

    def _import(self, *, bundle: Path, dry_run: bool, replace: bool, verbosity: int, **_: object) -> str:
        promise_release = partial(enqueue, BUILD_RELEASE, publish=True)
        with showing_progress(self.stdout, is_shown=bool(verbosity)) as progress:
            changes = import_bundle(
                path=bundle, replace=replace, dry_run=dry_run, progress=progress, promise_release=promise_release
            )
        counts = ", ".join(f"{number} {what}" for what, number in asdict(changes).items())
        end = "was only tried, and nothing changed" if dry_run else "`manage.py jobs_worker` builds the release"
        return f"{counts}; {end}"


def _count(curriculum: Curriculum) -> str:
    return ", ".join(f"{len(values)} {part}" for part, values in curriculum._asdict().items())


def _name(left_out: LeftOut) -> str:
    reasons = {
        "bytes whose file is missing": left_out.bytes,
        "concepts without a byte": left_out.concepts,
        "prerequisites in other units": left_out.prerequisites,
    }
    named = ", ".join(f"{number} {what}" for what, number in reasons.items() if number)
    return f"; left out: {named}" if named else ""
