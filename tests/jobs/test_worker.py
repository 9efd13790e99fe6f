"""The worker itself, whatever befalls it."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection

from jobs.management.commands import jobs_worker
from jobs.models import Job
from jobs.services import lease_job
from tenants import current


def test_a_database_that_fails_for_one_app_does_not_end_the_others_work(
    db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_for_amal(**times: object) -> Job | None:
        if current.get().name == "thurayya":
            return lease_job(**times)  # type: ignore[arg-type]
        raise OperationalError("database is locked")

    monkeypatch.setattr(jobs_worker, "lease_job", fail_for_amal)
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction

    call_command("jobs_worker", "--once", stdout=StringIO())

    assert "database is locked" in caplog.text
