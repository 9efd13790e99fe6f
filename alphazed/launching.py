"""A new app from nothing: tables, content, a release, an editor, and last its file in the registry."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.services.staff import ensure_editor
from alphazed.seeding import read_editor_password
from content.bundles.archive import open_archive
from content.bundles.contents import read_contents
from content.curricula.catalogue import load
from content.curricula.languages import keep_languages
from content.models import Publication, Release
from content.services.bundles.imports import import_bundle
from content.services.curricula import import_curriculum
from content.services.upserts import Progress
from content.tasks import BUILD_RELEASE
from jobs.models import Job
from jobs.services import enqueue, lease_job, run_job
from tenants import current
from tenants.migrating.migration import migrate_app
from tenants.registry import writer
from tenants.registry.app import App
from tenants.registry.catalogue import read_draft
from tenants.retirement.founding import founding

#: Brings content into the current app, with the promise of its release.
type ContentImport = Callable[[Progress], object]


class LaunchError(RuntimeError):
    """An app could not be made; nothing is left of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """What is going to be made, checked as far as that can be done without making it."""

    app: App
    text: str  # its file in the registry
    import_content: ContentImport
    editor: str  # e-mail address; empty for the one that `make run` prints


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """What was made."""

    migrations: int
    release: Release
    editor: str
    password: str  # shown once
    seconds: float


def plan_launch(name: str, text: str, *, bundle: Path | None = None, editor: str = "") -> Launch:
    """Check everything that can be checked before the first table is made.

    Raises:
        RegistryError: the name or the text would not make an app beside those there are.
        Unwritable: no file can be added to the registry here.
        CurriculumError, BundleError: the app's content cannot be had, or not in its languages.

    """
    app = read_draft(name, text)
    writer.check_folder()
    with current.use(app):
        import_content = _read_bundle(bundle) if bundle else _read_curriculum()
    return Launch(app=app, text=text, import_content=import_content, editor=editor)


def launch(plan: Launch, *, progress: Progress) -> Launched:
    """Make an app and serve it, or leave nothing.

    Raises:
        LaunchError: its release could not be built.
        Taken, Busy, NotTakenBack: as `founding` says.

    """
    begun = time.monotonic()
    with founding(plan.app, plan.text):
        migrated = migrate_app(progress=partial(progress, "migrations"))
        plan.import_content(progress)
        _run_jobs()
        release = _find_release()
        email, password = _make_editor(plan.editor)
    return Launched(
        migrations=migrated.applied,
        release=release,
        editor=email,
        password=password,
        seconds=time.monotonic() - begun,
    )


def _read_curriculum() -> ContentImport:
    app = current.get()
    curriculum = load(app.curriculum, app.languages)
    curriculum.validate(app.languages)

    def import_content(progress: Progress) -> None:
        with transaction.atomic():
            import_curriculum(name=app.curriculum, curriculum=curriculum, progress=progress)
            _promise_release()

    return import_content


def _read_bundle(path: Path) -> ContentImport:
    languages = current.get().languages
    with open_archive(path, key=settings.BUNDLE_KEY.encode()) as archive:
        _, curriculum = read_contents(archive)
    keep_languages(curriculum, languages).validate(languages)

    def import_content(progress: Progress) -> None:
        import_bundle(path=path, replace=False, dry_run=False, progress=progress, promise_release=_promise_release)

    return import_content


def _promise_release() -> None:
    enqueue(BUILD_RELEASE, publish=True)


def _run_jobs() -> None:
    """Work off the app's outbox: nobody else does before it is in the registry."""
    while (job := lease_job(now=timezone.now())) is not None:
        if not run_job(job):
            error = Job.objects.get(pk=job.pk).error.strip().rsplit("\n", 1)[-1]
            raise LaunchError(f"{job.task} failed: {error}")


def _find_release() -> Release:
    publication = Publication.objects.select_related("release").first()
    if publication is None:
        raise LaunchError("its content makes no release that children could get")
    return publication.release


def _make_editor(email: str) -> tuple[str, str]:
    # Without an address it is the editor of whom `make run` tells the password each time.
    password = secrets.token_urlsafe(12) if email else read_editor_password(settings.ENV.data_dir)
    editor = ensure_editor(email=email or f"editor@{current.get().name}.localhost", password=password)
    return str(editor.email), password
