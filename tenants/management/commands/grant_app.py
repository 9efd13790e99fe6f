"""Give an app a MySQL account of its own, which sees its tables and no other's."""

from argparse import ArgumentParser
from typing import Any, override
from urllib.parse import quote

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from tenants import current, grants
from tenants.migrating import locks
from tenants.ownership import as_owner
from tenants.registry.catalogue import get_app


class Command(BaseCommand):
    help = "Give an app a MySQL account of its own; `migrate_apps` then grants it each new table."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", help="name of the app, such as thurayya")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--new-password", action="store_true", help="give an existing account another password")

    @override
    def handle(self, *args: Any, app: str, dry_run: bool, new_password: bool, **options: Any) -> None:
        served = get_app(app)
        if connection.vendor != "mysql":
            raise CommandError("accounts of apps are MySQL's; DATABASE_URL is SQLite, whose file holds all apps")
        with current.use(served), as_owner():
            try:
                self._grant(dry_run=dry_run, new_password=new_password)
            except (DatabaseError, locks.Busy) as error:
                raise CommandError(f"{app}: {error}; MIGRATIONS_DATABASE_URL must name a user who may grant") from error

    def _grant(self, *, dry_run: bool, new_password: bool) -> None:
        app, is_new = current.get().name, not grants.are_used()
        if dry_run:
            tables = ", ".join(each.table for each in grants.find_differences()) or "none"
            account = f"would create {grants.account()}" if is_new else f"{grants.account()} is there"
            self.stdout.write(f"{app}: {account}; privileges would change on: {tables}")
            return
        with locks.hold():
            password = grants.create_account() if is_new or new_password else ""
            changed = grants.grant_tables()
        self.stdout.write(f"{app}: {grants.account()} reads and writes its own tables only, {changed} changed")
        if password:
            self.stdout.write(f"DATABASE_URL={_url(password)}")


def _url(password: str) -> str:
    """Return the account's DATABASE_URL, to be shown once: the password is stored nowhere."""
    place = connection.settings_dict
    address = f"{place['HOST']}:{place['PORT'] or 3306}"
    return f"mysql://{quote(grants.account().name)}:{quote(password)}@{address}/{quote(str(place['NAME']))}"
