"""Bring an app's curriculum in from its data packages, and have it released."""

from argparse import ArgumentParser
from typing import Any, override

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content.curricula.blueprint import CurriculumError
from content.curricula.catalogue import load
from content.services.curricula import import_curriculum
from content.tasks import BUILD_RELEASE
from jobs.services import enqueue
from tenants import current
from tenants.management.progress import showing_progress
from tenants.registry.catalogue import get_app


class Command(BaseCommand):
    help = "Import an app's curriculum; running it again changes only what has changed. `jobs_worker` then releases it."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("app", help="name of the app, such as thurayya")

    @override
    def handle(self, *args: Any, app: str, **options: Any) -> None:
        served = get_app(app)
        with current.use(served), showing_progress(self.stdout, is_shown=bool(options["verbosity"])) as progress:
            try:
                curriculum = load(served.curriculum, served.languages)
            except CurriculumError as error:
                raise CommandError(str(error)) from error
            # One transaction: a changed curriculum is either released or not imported.
            with transaction.atomic():
                changes = import_curriculum(name=served.curriculum, curriculum=curriculum, progress=progress)
                enqueue(BUILD_RELEASE, publish=True)
        self.stdout.write(
            f"{app}: {changes.created} created, {changes.updated} updated, {changes.unchanged} unchanged, "
            f"{changes.retired} retired; `manage.py jobs_worker` builds the release"
        )
