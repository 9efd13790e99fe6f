"""Play a child's week against the running server."""

import sys
from typing import IO, Any, cast, override

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone
from rich.console import Console

from alphazed.demo.promises import DemoFailed
from alphazed.demo.story import tell_week


class Command(BaseCommand):
    help = "Play a child's week against the server of `make run` on PORT, for Amal and Thurayya side by side."
    requires_system_checks = ()  # a phone has no settings to check

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        console = Console(
            file=cast("IO[str]", self.stdout),
            force_terminal=options["force_color"] or None,
            no_color=options["no_color"] or None,
        )
        try:
            tell_week(console, port=settings.ENV.port, now=timezone.now())
        except DemoFailed as error:
            self.stderr.write(str(error))
            sys.exit(1)
