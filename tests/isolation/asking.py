"""Requests that are undone, what they answered, and what they wrote."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from django.db import connection, transaction
from django.test import Client

from tenants import current
from tests.isolation.world import PLANTED_NUMBERS

REQUEST_ID = "the-same-for-every-request"
WRITING = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
#: Members that are new with every call: ids given out (unless they are somebody's already), tokens, instants.
NEW_EACH_TIME = {"id", "guardian_id", "user_id", "session_id", "access", "refresh", "created_at"}
#: A CSRF token as pages hold it, masked anew each time, and the cookie it belongs to.
CSRF_TOKEN = re.compile(rb"\b[A-Za-z0-9]{64}\b")
CSRF_COOKIE = re.compile(r"=[A-Za-z0-9]{32};.*")
#: Headers that follow from the clock, or from a body which is not the same each time.
PASSING = {"Content-Length", "ETag", "Expires"}

#: All rows of an app, by table.
type Rows = dict[str, frozenset[tuple[Any, ...]]]


class Request(NamedTuple):
    method: str
    path: str
    host: str
    token: str | None = None  # None: no Authorization header
    query: Mapping[str, Any] = {}
    headers: Mapping[str, str] = {}
    body: Any = None  # sent as JSON
    form: Mapping[str, Any] | None = None  # sent as a browser would

    def __str__(self) -> str:
        query = f"?{urlencode(self.query)}" if self.query else ""
        return f"{self.method} {self.path}{query} at {self.host!r}"


class Answer(NamedTuple):
    """What came back. Two answers are equal when no client could tell them apart."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def text(self) -> str:
        """Return everything that a client sees, in one text."""
        return (
            "\n".join(f"{name}: {value}" for name, value in self.headers) + "\n\n" + self.body.decode(errors="replace")
        )

    def without(self, *values: object) -> "Answer":
        """Return the answer with some values that the request itself named left out."""
        text = self.body.decode(errors="replace")
        for value in values:
            text = text.replace(str(value), "…")
        return self._replace(body=text.encode())

    def settled(self) -> "Answer":
        """Return the answer without what is new with every call."""
        headers = tuple((name, CSRF_COOKIE.sub("", value)) for name, value in self.headers if name not in PASSING)
        if self.body.startswith((b"{", b"[")):
            body = json.dumps(_settle(json.loads(self.body))).encode()
        else:
            body = CSRF_TOKEN.sub(b"new", self.body) if self.body.lstrip().startswith(b"<") else self.body
        return self._replace(body=body, headers=headers)


def _settle(document: Any) -> Any:
    if isinstance(document, dict):
        new = {name for name, value in document.items() if name in NEW_EACH_TIME and value not in PLANTED_NUMBERS}
        return {name: "new" if name in new else _settle(value) for name, value in document.items()}
    return [_settle(each) for each in document] if isinstance(document, list) else document


class Outcome(NamedTuple):
    """An answer, and the apps' rows while it was not yet undone, where something was written at all."""

    answer: Answer
    rows: dict[str, Rows] | None


def ask(request: Request, client: Client | None = None) -> Outcome:
    """Send a request and undo whatever it does."""
    with undone(), watching() as written:
        answer = send(request, client)
        rows = read_rows() if written else None
    return Outcome(answer, rows)


def send(request: Request, client: Client | None = None) -> Answer:
    """Send a request, of which something may stay."""
    client = client or Client()
    client.raise_request_exception = False
    headers = {"host": request.host, "x-request-id": REQUEST_ID} | dict(request.headers)
    if request.token is not None:
        headers["authorization"] = f"Bearer {request.token}"
    path = quote(request.path, safe="/%") + (f"?{urlencode(request.query)}" if request.query else "")
    return read_answer(client.generic(request.method, path, *_encode(request), headers=headers))


def _encode(request: Request) -> tuple[bytes, str]:
    if request.form is not None:
        return urlencode(request.form, doseq=True).encode(), "application/x-www-form-urlencoded"
    return b"" if request.body is None else json.dumps(request.body).encode(), "application/json"


def read_answer(response: Any) -> Answer:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    cookies = [("Set-Cookie", morsel.OutputString()) for morsel in response.cookies.values()]
    return Answer(response.status_code, tuple(sorted([*response.items(), *cookies])), body)


@contextmanager
def undone() -> Iterator[None]:
    """Roll back what the block did; services inside may ask for a durable transaction, as in Django's own tests."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


@contextmanager
def watching() -> Iterator[list[str]]:
    """Collect the statements that write."""
    written: list[str] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if WRITING.match(sql):
            written.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield written


def read_rows() -> dict[str, Rows]:
    """Return all rows of both apps, whatever table they are in."""
    return {name: _read_rows_of(name) for name in ("amal", "thurayya")}


def _read_rows_of(app: str) -> Rows:
    with current.use(app), connection.cursor() as cursor:
        rows = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - the table's own name
            rows[str.__str__(table)] = frozenset(cursor.fetchall())
        return rows


def find_changes(before: Mapping[str, Rows], after: Mapping[str, Rows]) -> list[str]:
    """Return the tables whose rows differ, as `app.table`, of those that there were before."""
    return [
        f"{app}.{table}" for app, tables in before.items() for table in tables if tables[table] != after[app].get(table)
    ]


def find_lost(before: Rows, after: Rows) -> list[tuple[Any, ...]]:
    """Return the rows that are no longer as they were."""
    return [row for table, rows in before.items() for row in rows - after.get(table, frozenset())]
