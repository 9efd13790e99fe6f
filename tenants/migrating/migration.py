"""Bringing one app's tables up to date: the use case behind `migrate_apps`."""

import time
from dataclasses import dataclass

from django.core.management import call_command
from django.db import connection

from tenants import grants, journal
from tenants.journal import Work
from tenants.migrating import locks
from tenants.migrating.command import Command, Progress
from tenants.migrating.contract import find_contractions
from tenants.migrating.executor import AppExecutor
from tenants.ownership import as_owner


class Contracts(RuntimeError):
    """The migrations to apply would take something away from the code that is still serving."""

    def __init__(self, losses: list[str]) -> None:
        super().__init__("; ".join(losses))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What would be done to an app's tables."""

    migrations: list[str]  # "jobs.0002_headers", in order
    losses: list[str]  # what they take away from the code that is still serving
    is_resumed: bool  # an earlier run was cut off


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was done."""

    applied: int  # migrations
    granted: int  # tables whose privileges were changed, of the app's own MySQL account
    seconds: float


def make_plan() -> Plan:
    """Look what the current app's tables need."""
    executor = AppExecutor(connection)
    steps = executor.plan_all()
    # Where an earlier run began with nothing, what it left has never been served from.
    from_empty = not executor.loader.applied_migrations or journal.find(Work.MIGRATE) == journal.FROM_EMPTY
    return Plan(
        migrations=[f"{migration.app_label}.{migration.name}" for migration, _ in steps],
        losses=[] if from_empty else find_contractions(steps, executor.make_state()),
        is_resumed=Work.MIGRATE in journal.list_unfinished(),
    )


def is_migrated() -> bool:
    """Tell whether the current app's tables are as the code has them, far faster than migrating would."""
    return not AppExecutor(connection).plan_all() and Work.MIGRATE not in journal.list_unfinished()


def migrate_app(*, may_contract: bool = False, progress: Progress | None = None) -> Outcome:
    """Bring the current app's tables up to date, and its MySQL account's privileges with them.

    Runs as the owner of the tables and alone; what a killed run left is finished. A caller who holds the lock already,
    or is the owner already, may call it all the same.

    Raises:
        Contracts: a migration takes something away, and `may_contract` is not set; nothing was changed.
        Busy: another process is changing these tables.

    """
    begun = time.monotonic()
    with as_owner(), locks.hold():
        plan = make_plan()
        if plan.losses and not may_contract:
            raise Contracts(plan.losses)
        call_command(Command(progress, len(plan.migrations)), interactive=False, verbosity=0)
        granted = grants.grant_tables() if grants.are_used() else 0
    return Outcome(applied=len(plan.migrations), granted=granted, seconds=time.monotonic() - begun)
