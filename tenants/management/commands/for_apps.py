"""Run a command once for each app."""

from argparse import REMAINDER, ArgumentParser
from typing import Any, override

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from tenants import current
from tenants.management.selection import add_app_option, select_apps


class Command(BaseCommand):
    help = "Run a command for every app, or those of --app: `for_apps --app amal,qais showmigrations accounts`."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_app_option(parser)
        parser.add_argument("command_line", nargs=REMAINDER, metavar="command", help="the command and its arguments")

    @override
    def handle(self, *args: Any, app: str, command_line: list[str], **options: Any) -> None:
        if not command_line or command_line[0] not in get_commands():
            name = command_line[0] if command_line else ""
            raise CommandError(f"for_apps needs a command to run; {name!r} is none (`manage.py help` lists them)")
        failed = []
        for each in select_apps(app):
            self.stdout.write(self.style.MIGRATE_HEADING(each.name))
            with current.use(each):
                try:
                    call_command(*command_line)
                except (CommandError, DatabaseError) as error:
                    failed.append(each.name)
                    self.stderr.write(f"{each.name}: {error}")
        if failed:
            raise CommandError(f"failed for {', '.join(failed)}")
