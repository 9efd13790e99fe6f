"""Set up what is missing and serve every app from this machine."""

import socket
import subprocess
import sys
from typing import Any, override

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from gunicorn.app.base import BaseApplication

from alphazed import seeding
from alphazed.wsgi import application
from tenants.management.selection import select_apps
from tenants.registry.app import App

ADDRESS = "127.0.0.1"
WORKERS = 2
THREADS = 8
PATIENCE_S = 3

WELCOME = """
{apps}

  editor    {login} / {password}
  API docs  http://{host}/app/docs

  a phone's first request:
    curl -X POST http://{host}/app/device -H 'Content-Type: application/json' \\
      -d '{{"install_id": "my-phone", "platform": "android", "timezone": "Asia/Riyadh", "country": "SA"}}'

  Ctrl-C stops everything.
"""


class _Server(BaseApplication):
    """gunicorn inside this process, so that Ctrl-C reaches it and its workers end when it does."""

    @override
    def load_config(self) -> None:
        options = {
            "bind": f"{ADDRESS}:{settings.ENV.port}",
            "workers": WORKERS,
            "worker_class": "gthread",
            "threads": THREADS,
            "loglevel": "warning",
            "preload_app": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    @override
    def load(self) -> Any:
        return application


class Command(BaseCommand):
    help = "Migrate and seed what is missing, then serve all apps (or the one of APP_NAME) on PORT, 8000 by default."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_a_taken_port()
        apps = select_apps("")
        self._set_up(apps)
        self.stdout.write(_welcome(apps))
        connections.close_all()  # a connection must not be shared by the processes forked from this one
        worker = subprocess.Popen([sys.executable, sys.argv[0], "jobs_worker", "--with-parent"])  # noqa: S603 - ourselves
        try:
            _Server().run()
        finally:
            _stop(worker)

    def _set_up(self, apps: list[App]) -> None:
        pending = [app.name for app in apps if not seeding.is_migrated(app)]
        if pending:
            self.stdout.write("Creating tables …")
            call_command("migrate_apps", app=",".join(pending), stdout=self.stdout)
        for app in apps:
            if not seeding.has_release(app):
                self.stdout.write(f"Importing the {app.curriculum} curriculum for {app.name} …")
                seeding.seed_content(app)


def _stop(worker: subprocess.Popen[bytes]) -> None:
    """Let the worker finish its job; one that takes too long is run again after the next start."""
    worker.terminate()
    try:
        worker.wait(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        worker.kill()


def _refuse_a_taken_port() -> None:
    port = settings.ENV.port
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError:
            raise CommandError(f"port {port} is taken; choose another: PORT={port + 1} make run") from None


def _welcome(apps: list[App]) -> str:
    port = settings.ENV.port
    password = seeding.read_editor_password(settings.ENV.data_dir)
    logins = [seeding.seed_editor(app, password) for app in apps]
    rows = [
        f"  {app.theme.emoji}  {app.title.get('en', app.default_title):<20} http://{app.hosts[0]}:{port}/boss/"
        for app in apps
    ]
    return WELCOME.format(
        apps="\n".join(rows),
        host=f"{apps[0].hosts[0]}:{port}",
        login=logins[0] if len(apps) == 1 else "editor@<app>.localhost",
        password=password,
    )
