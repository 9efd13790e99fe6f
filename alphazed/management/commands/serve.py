"""Set up what is missing and serve every app from this machine."""

import logging
import socket
import subprocess
import sys
import time
from typing import Any, override

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from alphazed import seeding
from alphazed.wsgi import application
from tenants.management.selection import select_apps
from tenants.registry.app import App

logger = logging.getLogger(__name__)

ADDRESS = "127.0.0.1"
WORKERS = 2
THREADS = 8
PATIENCE_S = 3
#: Before a jobs worker that has ended is started again; twice as long each time that it did not last.
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0

WELCOME = """
{apps}

  editor    {login} / {password}
  API docs  http://{host}/app/docs

  a phone's first request:
    curl -X POST http://{host}/app/device -H 'Content-Type: application/json' \\
      -d '{{"install_id": "my-phone", "platform": "android", "timezone": "Asia/Riyadh", "country": "SA"}}'

  Ctrl-C stops everything.
"""


class JobsWorker:
    """The process that works the outboxes, started again whenever it has ended."""

    def __init__(self, command: list[str], *, now: float) -> None:
        self._command = command
        self._pause = FIRST_PAUSE_S
        self._due: float | None = None
        self._start(now)

    def _start(self, now: float) -> None:
        self.process = subprocess.Popen(self._command)  # noqa: S603 - ourselves
        self._started, self._due = now, None

    def look_after(self, now: float) -> None:
        """Start it anew when its time has come; called about once a second."""
        if self.process.poll() is None:
            return
        if self._due is None:
            if now - self._started > LONGEST_PAUSE_S:
                self._pause = FIRST_PAUSE_S
            self._due, self._pause = now + self._pause, min(2 * self._pause, LONGEST_PAUSE_S)
            logger.error("the jobs worker has ended; it starts again in %.0f s", self._due - now)
        elif now >= self._due:
            self._start(now)

    def stop(self) -> None:
        """Let it finish its job; one that takes too long is run again after the next start."""
        self.process.terminate()
        try:
            self.process.wait(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()


class _Arbiter(Arbiter):
    """gunicorn's own watch over its processes, who also watches the jobs worker: no thread, so forking stays safe."""

    def __init__(self, server: BaseApplication, jobs: JobsWorker) -> None:
        super().__init__(server)
        self._jobs = jobs

    @override
    def manage_workers(self) -> None:
        super().manage_workers()
        self._jobs.look_after(time.monotonic())


class _Server(BaseApplication):
    """gunicorn inside this process, so that Ctrl-C reaches it and its workers end when it does."""

    def __init__(self, jobs: JobsWorker) -> None:
        self._jobs = jobs
        super().__init__()

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

    @override
    def run(self) -> None:
        _Arbiter(self, self._jobs).run()


class Command(BaseCommand):
    help = "Migrate and seed what is missing, then serve all apps (or the one of APP_NAME) on PORT, 8000 by default."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        _refuse_a_taken_port()
        apps = select_apps("")
        self._set_up(apps)
        self.stdout.write(_welcome(apps))
        connections.close_all()  # a connection must not be shared by the processes forked from this one
        jobs = JobsWorker([sys.executable, sys.argv[0], "jobs_worker", "--with-parent"], now=time.monotonic())
        try:
            _Server(jobs).run()
        finally:
            jobs.stop()

    def _set_up(self, apps: list[App]) -> None:
        pending = [app.name for app in apps if not seeding.is_migrated(app)]
        if pending:
            self.stdout.write("Creating tables …")
            call_command("migrate_apps", app=",".join(pending), stdout=self.stdout)
        for app in apps:
            if not seeding.has_release(app):
                self.stdout.write(f"Importing the {app.curriculum} curriculum for {app.name} …")
                seeding.seed_content(app)


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
