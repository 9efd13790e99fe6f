"""Retire an app: export all of it to one file, then drop it; or make it again from that file."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from tenants import current
from tenants.exports.files import list_files
from tenants.exports.manifest import ExportError
from tenants.management.progress import showing_progress
from tenants.migrating.locks import Busy
from tenants.ownership import as_owner
from tenants.registry.catalogue import UnknownApp, get_app, list_apps, stand_in
from tenants.registry.reader import RegistryError
from tenants.registry.writer import Unwritable, check_folder, has_file
from tenants.retirement import restoring, retiring
from tenants.retirement.founding import NotTakenBack, Taken, take_back
from tenants.retirement.retiring import Unmigrated, WrittenMeanwhile

REFUSALS = (Busy, ExportError, RegistryError, Taken, UnknownApp, Unmigrated, Unwritable, WrittenMeanwhile)


class Command(BaseCommand):
    help = "Export an app to one file, then drop it; or make it again from that file. Stop what serves it first."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("app", nargs="?", default="", help="its name, such as lunar")
        add("--output", type=Path, help="the file to write; DATA_DIR/retired/<app>-<time>.zip when left out")
        add("--yes-i-mean", default="", metavar="APP", help="its name once more, where nobody can be asked to type it")
        add("--restore", type=Path, metavar="FILE", help="make an app again from such a file")
        add("--dry-run", action="store_true", help="check everything, say what would be done, and do nothing")

    @override
    def handle(self, *args: Any, app: str, restore: Path | None, dry_run: bool, **options: Any) -> None:
        is_shown = bool(options["verbosity"]) and not dry_run
        with _told_in_one_line(app):
            if restore:
                self._restore(app, restore, dry_run=dry_run, is_shown=is_shown)
            elif not app:
                raise CommandError("name the app to retire, or with --restore the file to make one from")
            elif has_file(app):
                self._retire(app, options["output"], options["yes_i_mean"], dry_run=dry_run, is_shown=is_shown)
            else:
                self._finish(app, dry_run=dry_run, is_shown=is_shown)

    def _retire(self, app: str, output: Path | None, yes_i_mean: str, *, dry_run: bool, is_shown: bool) -> None:
        now = timezone.now()
        path = (output or settings.ENV.data_dir / "retired" / f"{app}-{now:%Y%m%dT%H%M%SZ}.zip").absolute()
        _check(app, path)
        with current.use(app), as_owner():
            there = f"{len(connection.introspection.table_names())} tables and {len(list(list_files()))} files"
            if dry_run:
                self.stdout.write(f"{app}: {there} would go into {path}, and then away")
                return
            _confirm(app, yes_i_mean, question=f"{app}: {there} go into {path}, and then away. Type {app} to go on: ")
            if left := retiring.find_export_of_cut_off_run():
                self.stdout.write(f"{app}: an earlier run was cut off before it dropped anything; it left {left}")
            with showing_progress(self.stdout, is_shown=is_shown) as progress:
                export, dropped = retiring.retire(path, now=now, progress=progress)
        manifest = export.manifest
        self.stdout.write(
            f"{app}: retired; {manifest.rows} rows and {len(manifest.files)} files in {path} "
            f"({filesizeformat(export.size)}), {dropped} tables dropped"
        )
        self.stdout.write(f"\n  next  commit that tenants/registry/{app}.toml is gone, and restart what served it")

    def _finish(self, app: str, *, dry_run: bool, is_shown: bool) -> None:
        """Go on where a killed run stopped, which was told to already."""
        try:
            nameless = stand_in(app)
        except RegistryError:
            get_app(app)  # says which apps there are
            raise
        with current.use(nameless):
            if export := retiring.find_export_of_cut_off_run():
                if dry_run:
                    self.stdout.write(f"{app}: an earlier run was cut off; what is left would be dropped")
                    return
                with showing_progress(self.stdout, is_shown=is_shown) as progress:
                    dropped = retiring.go_on(progress=progress)
                self.stdout.write(
                    f"{app}: retired; an earlier run left {dropped} tables to drop, its export is {export}"
                )
            elif not dry_run and (undone := take_back()) is not None:
                self.stdout.write(f"{app}: never launched; {undone} tables of a launch that was cut off were dropped")
            else:
                get_app(app)

    def _restore(self, app: str, path: Path, *, dry_run: bool, is_shown: bool) -> None:
        with showing_progress(self.stdout, is_shown=is_shown) as progress:
            if dry_run:
                manifest = restoring.check(path, name=app, progress=progress)
                self.stdout.write(
                    f"{manifest.app}: {manifest.rows} rows and {len(manifest.files)} files would come back"
                )
                return
            manifest, newer = restoring.restore(path, name=app, progress=progress)
        since = f"; {newer} newer migrations applied" if newer else ""
        self.stdout.write(
            f"{manifest.app}: restored as of {manifest.made_at}: {manifest.rows} rows in {len(manifest.tables)} tables "
            f"and {len(manifest.files)} files{since}"
        )
        account = f", and run grant_app {manifest.app}" if connection.vendor == "mysql" else ""
        self.stdout.write(f"\n  next  commit tenants/registry/{manifest.app}.toml, restart what serves it{account}")


@contextmanager
def _told_in_one_line(app: str) -> Iterator[None]:
    """Make one line with the next step of whatever stops the command."""
    try:
        yield
    except REFUSALS as error:
        raise CommandError(str(error)) from error
    except NotTakenBack as error:
        raise CommandError(f"{app}: {error}") from error
    except (DatabaseError, OSError) as error:
        cause = error.args[-1] if isinstance(error, DatabaseError) else error
        raise CommandError(f"{app}: {cause}; nothing is lost: mend the cause, then run it again") from error
    except KeyboardInterrupt:
        raise CommandError(f"{app}: stopped; nothing is lost: run it again to go on", returncode=130) from None


def _check(app: str, path: Path) -> None:
    """Refuse what would fail later, or harm another app."""
    pinned = current.pinned()
    if pinned and pinned.name != app:
        raise CommandError(f"APP_NAME pins this process to {pinned.name}: unset it, then run again")
    if children := [other.name for other in list_apps().values() if other.family == app != other.name]:
        raise CommandError(f"{app} is the family of {', '.join(children)}; give them another, or retire them first")
    if path.exists():
        raise CommandError(f"{path} is there already; name another with --output")
    check_folder()


def _confirm(app: str, yes_i_mean: str, *, question: str) -> None:
    if not yes_i_mean and not sys.stdin.isatty():
        raise CommandError(f"nobody can be asked here whether {app} is meant; in a script say --yes-i-mean {app}")
    typed = yes_i_mean or input(question).strip()
    if typed != app:
        raise CommandError(f"{typed!r} is not {app!r}; nothing was done")
