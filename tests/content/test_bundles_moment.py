"""An export tells of one moment, whatever is committed while it reads."""

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

from django.db import connection, transaction

from content.models import Concept
from tenants import current
from tests.bundles import bring_in, course, export


def retire_zero() -> None:
    """Commit a change, as an editor at another connection does."""
    with current.use("amal"):
        Concept.objects.filter(key="number/0").update(is_live=False)
    connection.close()


class AfterTheFirstQuery:
    """Lets something happen between the first query of the content and the next."""

    def __init__(self, happens: Callable[[], None]) -> None:
        self.thread = Thread(target=happens)

    def __call__(self, execute: Callable[..., Any], sql: str, *arguments: Any) -> Any:
        result = execute(sql, *arguments)
        if "content_bytes" in sql and not self.thread.ident:
            self.thread.start()
            # On MySQL it commits at once; on SQLite it waits for the export to end.
            self.thread.join(0.5)
        return result


def test_an_export_does_not_see_what_is_committed_while_it_reads(transactional_db: None, tmp_path: Path) -> None:
    bring_in("amal", course())
    before = export("amal", tmp_path / "before.zip")
    meanwhile = AfterTheFirstQuery(retire_zero)

    with connection.execute_wrapper(meanwhile):
        during = export("amal", tmp_path / "during.zip")
    meanwhile.thread.join()

    assert during.read_bytes() == before.read_bytes()
    assert export("amal", tmp_path / "after.zip").read_bytes() != before.read_bytes()


def test_the_connection_reads_as_before_once_an_export_is_done(transactional_db: None, tmp_path: Path) -> None:
    """On MySQL each query sees what others have committed; on SQLite others wait for a transaction to end."""
    bring_in("amal", course())
    export("amal", tmp_path / "before.zip")
    editor = Thread(target=retire_zero)

    with current.use("amal"), transaction.atomic():
        live = [Concept.objects.filter(is_live=True).count()]
        editor.start()
        editor.join(0.5)
        live.append(Concept.objects.filter(is_live=True).count())
    editor.join()

    assert live == ([6, 5] if connection.vendor == "mysql" else [6, 6])
