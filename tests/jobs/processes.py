"""A jobs worker in a process of its own, on the test's database, with leases of seconds.

python -m tests.jobs.processes LEASE-IN-SECONDS
"""

import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

from celery import shared_task
from django.db import connection
from django.db.models import F

from alphazed.settings.env import ROOT


@shared_task(name="tests.processes.sleep")  # type: ignore[untyped-decorator]
def sleep(*, seconds: float) -> None:
    time.sleep(seconds)


@shared_task(name="tests.processes.lose_lease")  # type: ignore[untyped-decorator]
def lose_lease() -> None:
    """Do what a second worker does that takes the job over, and go on."""
    from jobs.models import Job  # noqa: PLC0415 - needs Django set up

    Job.objects.update(attempts=F("attempts") + 1)
    time.sleep(600)


def start_worker(folder: Path, app: str, lease_s: float) -> "subprocess.Popen[str]":
    """Start a worker of one app that stops when nothing is due; its log is its standard error."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "DATA_DIR": str(folder),
        "APP_NAME": app,
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "alphazed.settings.main",
    }
    command = [sys.executable, "-m", __name__, str(lease_s)]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def database_url() -> str:
    """Return the address of the database that this test is on."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    return f"mysql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"


def main(lease_s: float) -> None:
    import django  # noqa: PLC0415 - only in the process of its own

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from jobs import services  # noqa: PLC0415

    services.LEASE = timedelta(seconds=lease_s)
    call_command("jobs_worker", "--once")


if __name__ == "__main__":
    main(float(sys.argv[1]))
