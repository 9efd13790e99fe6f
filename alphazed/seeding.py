"""What a first start on one machine needs: tables, curricula, releases, editors."""

import secrets
from io import StringIO
from pathlib import Path

from django.core.management import call_command

from accounts.services.staff import ensure_editor
from alphazed.settings.env import create_once
from content.models import Publication
from tenants import current
from tenants.migrating import migration
from tenants.registry.app import App


def is_migrated(app: App) -> bool:
    """Tell whether an app's tables are as the code has them, far faster than `migrate` would."""
    with current.use(app):
        return migration.is_migrated()


def has_release(app: App) -> bool:
    """Tell whether children of this app get anything yet."""
    with current.use(app):
        return Publication.objects.exists()


def seed_content(app: App) -> None:
    """Import the app's curriculum and build its release, showing the progress."""
    call_command("import_curriculum", app.name)
    with current.use(app):
        call_command("jobs_worker", "--once", stdout=StringIO())


def seed_editor(app: App, password: str) -> str:
    """Make sure that an editor can enter the app's /boss; return the address to sign in with."""
    with current.use(app):
        return str(ensure_editor(email=f"editor@{app.name}.localhost", password=password).email)


def read_editor_password(folder: Path) -> str:
    """Return this installation's password for its first editors, made on the first start and kept in its own file."""
    path = folder / "editor_password"
    if not path.exists():
        create_once(path, secrets.token_urlsafe(9))
    return path.read_text("utf-8")
