"""Migrate the tables of several apps, one after the other."""

from argparse import ArgumentParser
from typing import Any, override

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tenants import current
from tenants.management.selection import add_app_option, select_apps


class Command(BaseCommand):
    help = "Migrate every app's tables, or those of --app amal,thurayya; prints one line for each."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_app_option(parser)

    @override
    def handle(self, *args: Any, app: str, **options: Any) -> None:
        failed = []
        for each in select_apps(app):
            # Entered anew for each app: its own django_migrations, content types and permissions.
            with current.use(each):
                try:
                    call_command("migrate", interactive=False, verbosity=max(options["verbosity"] - 1, 0))
                except DatabaseError as error:
                    failed.append(each.name)
                    self.stderr.write(f"{each.name}: {error}")
                else:
                    self.stdout.write(f"{each.name}: migrated")
        if failed:
            raise CommandError(
                f"not migrated: {', '.join(failed)}; mend the cause and run it again, done ones are kept"
            )
