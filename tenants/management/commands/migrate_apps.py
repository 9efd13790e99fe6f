"""Migrate the tables of several apps, on MySQL several at a time."""

from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from tenants import current
from tenants.management.progress import showing_progress
from tenants.management.selection import add_app_option, select_apps
from tenants.migrating.command import Progress
from tenants.migrating.locks import Busy
from tenants.migrating.migration import Contracts, make_plan, migrate_app
from tenants.ownership import as_owner
from tenants.registry.app import App
from tenants.threads import AppThreadPoolExecutor

#: Each is one connection, and mostly waits for the server.
PARALLEL = 4


class Command(BaseCommand):
    help = "Bring the tables of every app up to date, or of --app amal,thurayya; prints one line for each."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_app_option(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument(
            "--contract",
            action="store_true",
            help="also apply what takes something away from the code that is still serving",
        )
        parser.add_argument(
            "--parallel",
            type=int,
            default=PARALLEL,
            metavar="N",
            help=f"apps at a time, {PARALLEL} when left out; SQLite has one writer, so there it is always one",
        )

    @override
    def handle(self, *args: Any, app: str, dry_run: bool, contract: bool, parallel: int, **options: Any) -> None:
        if parallel < 1:
            raise CommandError("--parallel must be at least 1")
        apps = select_apps(app)
        at_a_time = parallel if connection.vendor == "mysql" else 1
        with showing_progress(self.stdout, is_shown=bool(options["verbosity"]) and not dry_run) as progress:

            def work(each: App) -> bool:
                migrate = partial(_migrate, contract, partial(progress, each.name))
                return self._report(each, _say_plan if dry_run else migrate)

            failed = [each.name for each, is_done in zip(apps, _map(work, apps, at_a_time), strict=True) if not is_done]
        if failed:
            raise CommandError(
                f"not migrated: {', '.join(failed)}; mend the cause and run it again, what is done is kept"
            )

    def _report(self, app: App, work: Callable[[], str]) -> bool:
        """Do the work in an app and print its one line; return whether it succeeded."""
        with current.use(app):
            try:
                self.stdout.write(f"{app.name}: {work()}")
            except Contracts as refusal:
                self.stderr.write(
                    f"{app.name}: refused: {refusal}; when no running code needs it, run again with --contract"
                )
            except (Busy, CommandError, DatabaseError) as error:
                self.stderr.write(f"{app.name}: {error}")
            else:
                return True
        return False


def _map(work: Callable[[App], bool], apps: list[App], at_a_time: int) -> list[bool]:
    if at_a_time == 1:
        return [work(app) for app in apps]
    with AppThreadPoolExecutor(at_a_time) as pool:
        return list(pool.map(work, apps))


def _migrate(may_contract: bool, progress: Progress) -> str:  # noqa: FBT001 - as the option
    done = migrate_app(may_contract=may_contract, progress=progress)
    if not done.applied and not done.granted:
        return "up to date"
    granted = f", privileges on {done.granted} tables set" if done.granted else ""
    noun = "migration" if done.applied == 1 else "migrations"
    return f"{done.applied} {noun} applied{granted} in {done.seconds:.1f} s"


def _say_plan() -> str:
    with as_owner():
        plan = make_plan()
    if not plan.migrations:
        return "up to date" if not plan.is_resumed else "would finish what an earlier run began"
    losses = f"; refused without --contract: {'; '.join(plan.losses)}" if plan.losses else ""
    return f"would apply {', '.join(plan.migrations)}{losses}"
