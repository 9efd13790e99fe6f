"""Look at everything that apps rely on, and say what to do about what is wrong."""

import json
import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, override

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from tenants import current
from tenants.diagnosis import apps, database
from tenants.diagnosis.findings import Finding, examine
from tenants.management.selection import add_app_option, select_apps
from tenants.ownership import as_owner
from tenants.registry.app import App
from tenants.registry.catalogue import list_apps

#: Below this a release or a backup may not fit any more.
LITTLE_SPACE_BYTES = 1 << 30


class Command(BaseCommand):
    help = "Check registry, database, privileges, migrations, cache, files and clocks; each failure has its next step."

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        add_app_option(parser)
        parser.add_argument("--json", action="store_true", help="print one JSON object per finding")

    @override
    def handle(self, *args: Any, app: str, json: bool, **options: Any) -> None:
        served = select_apps(app)
        failed = 0
        with as_owner():
            for finding in _examine_all(served):
                failed += not finding.is_well
                self.stdout.write(_as_json(finding) if json else self._as_line(finding))
        if failed:
            raise CommandError(f"{failed} of the findings above ask for something to be done")

    def _as_line(self, finding: Finding) -> str:
        mark = self.style.SUCCESS("ok  ") if finding.is_well else self.style.ERROR("FAIL")
        step = "" if finding.is_well else f"\n       → {finding.next_step}"
        return f"{mark} {finding.subject:<24} {finding.said}{step}"


def _as_json(finding: Finding) -> str:
    return json.dumps(asdict(finding) | {"ok": finding.is_well}, ensure_ascii=False)


def _examine_all(served: list[App]) -> Iterator[Finding]:
    yield from examine(_check_registry, "registry", "mend the file that is named")
    yield from examine(_check_space, "disk", "let DATA_DIR name a folder that is there")
    try:
        connection.ensure_connection()
    except Exception as error:  # noqa: BLE001 - whatever either driver raises; nothing below can be asked without it
        yield Finding("database", str(error), "look at DATABASE_URL and MIGRATIONS_DATABASE_URL, and whether it runs")
        return
    for check in (database.check_connection, database.check_clocks, database.check_strangers):
        yield from examine(check, "database", "see what the database answered")
    for app in served:
        with current.use(app):
            for check, subject, otherwise in (
                (apps.check_tables, "tables", f"run `manage.py migrate_apps --app {app.name}`"),
                (apps.check_privileges, "privileges", "let MIGRATIONS_DATABASE_URL name a user who may grant"),
                (apps.check_cache, "cache", "look at REDIS_URL, and whether the server runs"),
                (apps.check_files, "files", "let this user write below DATA_DIR"),
            ):
                yield from examine(check, f"{app.name}: {subject}", otherwise)


def _check_registry() -> Iterator[Finding]:
    pinned = current.pinned()
    serving = f"serves {pinned.name} only" if pinned else "the Host header picks"
    yield Finding("registry", f"{len(list_apps())} apps: {', '.join(list_apps())}; {serving}")


def _check_space() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.ENV.data_dir).free
    step = "" if free >= LITTLE_SPACE_BYTES else "make room: releases, backups and the database need it"
    yield Finding("disk", f"{free / (1 << 30):.1f} GiB free for {settings.ENV.data_dir}", step)
