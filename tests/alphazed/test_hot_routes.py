"""Hot endpoints: one function, called with Django and without, must give the same bytes."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from alphazed.hot_routes import HOT_ROUTES, HotRoute
from alphazed.settings.env import ROOT
from content.models import ContentByte
from tenants import current
from tenants.registry.app import App
from tests.curricula import release_curriculum, small_curriculum
from tests.phones import Phone
from thin.database import Database, connect
from thin.errors import AppError
from thin.http import Request, Response, Services, answer_error

HEAVY_MODULES = ("django", "rest_framework", "celery", "boto3", "botocore", "redis", "requests", "numpy", "jwt")
SENT_AT = datetime.now(UTC)

#: Serves requests given on standard input in a process that cannot import Django.
WITHOUT_DJANGO = """
import json, sys
for name in {heavy}:
    sys.modules[name] = None
from importlib import import_module
from tenants.registry.catalogue import get_app
from thin.database import connect
from thin.http import Request, Services
for line in sys.stdin:
    call = json.loads(line)
    app = get_app(call["app"])
    module, _, name = call["function"].partition(":")
    services = Services(app, connect(call["url"], app.prefix), call["secret_key"])
    facts = [call[name] for name in ("method", "path", "params")]
    request = Request(*facts, {{}}, call["headers"], call["body"].encode(), "an-id", call["now_ms"])
    response = getattr(import_module(module), name)(request, services)
    print(json.dumps([response.status, response.headers, response.body.decode()]))
"""


@pytest.fixture
def stored_phone(transactional_db: None, amal: App) -> Phone:
    """Amal's guardian, in a database that other connections can read."""
    with current.use(amal):
        release_curriculum(small_curriculum())
    return Phone(amal, Client())


@pytest.fixture
def direct(stored_phone: Phone) -> Iterator[Database]:
    """A connection of the kit's own to the same database."""
    with closing(connect(database_url(), stored_phone.app.prefix)) as database:
        yield database


def database_url() -> str:
    """Return the test database as a DATABASE_URL."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{facts['NAME']}"
    return f"mysql://{facts['USER']}:{facts['PASSWORD']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def body_for(route: HotRoute, phone: Phone) -> bytes:
    if route.method != "POST":
        return b""
    with current.use(phone.app):
        byte_ids = ContentByte.objects.order_by("pk").values_list("pk", flat=True)[:3]
        sent = {"outcome": "correct", "answered_at": SENT_AT.isoformat(), "utc_offset_min": 180, "rt_ms": 900}
        answers = [sent | {"byte_id": byte_id, "client_id": f"answer-{byte_id}"} for byte_id in byte_ids]
    return json.dumps({"sent_at": SENT_AT.isoformat(), "answers": [*answers, {"client_id": "a-broken-one"}]}).encode()


def call_directly(route: HotRoute, phone: Phone, database: Database, now_ms: int, **changes: Any) -> Response:
    """Call a hot endpoint on a connection of its own, as the Lambda handler does."""
    request = Request(
        method=route.method,
        path=route.path,
        params={"user_id": str(phone.learner)},
        query={},
        headers={"authorization": f"Bearer {phone.access}"},
        body=body_for(route, phone),
        request_id="an-id-of-mine",
        now_ms=now_ms,
    )._replace(**changes)
    module, _, name = route.function.partition(":")
    try:
        return getattr(import_module(module), name)(request, Services(phone.app, database, settings.SECRET_KEY))  # type: ignore[no-any-return]
    except AppError as error:
        return answer_error(error, request.request_id)


def call_through_django(route: HotRoute, phone: Phone) -> Any:
    path = route.path.replace("{user_id}", str(phone.learner))
    return phone.send(route.method, path, body_for(route, phone), x_request_id="an-id-of-mine")


def serve_without_django(calls: list[dict[str, Any]]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO.format(heavy=HEAVY_MODULES)],
        input="\n".join(map(json.dumps, calls)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def forget_answers(phone: Phone) -> None:
    """Undo a batch, so that the second caller finds what the first one found."""
    from learning.models import Answer, LearnerState, LearningDay, UserMemory  # noqa: PLC0415 - not at collection

    with current.use(phone.app):
        for model in (Answer, UserMemory, LearningDay, LearnerState):
            model.objects.all().delete()


@pytest.mark.parametrize("route", HOT_ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_it_answers_the_same_bytes_with_django_and_without(
    stored_phone: Phone, direct: Database, route: HotRoute, monkeypatch: pytest.MonkeyPatch
) -> None:
    now_ms = time.time_ns() // 1_000_000
    monkeypatch.setattr("alphazed.hot_views.time.time_ns", lambda: now_ms * 1_000_000)

    without_django = call_directly(route, stored_phone, direct, now_ms)
    forget_answers(stored_phone)
    with_django = call_through_django(route, stored_phone)

    assert without_django.body == with_django.content
    assert without_django.status == with_django.status_code == 200
    assert {name: with_django[name] for name in without_django.headers} == without_django.headers


@pytest.mark.parametrize("route", [route for route in HOT_ROUTES if "{" in route.path], ids=lambda route: route.path)
@pytest.mark.parametrize("token", ["", "rubbish", "a.b.c"])
def test_it_refuses_with_the_same_bytes_with_django_and_without(
    stored_phone: Phone, direct: Database, route: HotRoute, token: str
) -> None:
    stored_phone.access = token
    headers = {"authorization": f"Bearer {token}"} if token else {}

    without_django = call_directly(route, stored_phone, direct, 0, headers=headers)
    with_django = call_through_django(route, stored_phone)

    assert without_django.body == with_django.content
    assert without_django.status == with_django.status_code == 401


def test_every_hot_endpoint_serves_in_a_process_without_django(stored_phone: Phone) -> None:
    calls = [
        {
            "app": stored_phone.app.name,
            "function": route.function,
            "url": database_url(),
            "secret_key": settings.SECRET_KEY,
            "method": route.method,
            "path": route.path,
            "params": {"user_id": str(stored_phone.learner)},
            "headers": {"authorization": f"Bearer {stored_phone.access}"},
            "body": body_for(route, stored_phone).decode(),
            "now_ms": time.time_ns() // 1_000_000,
        }
        for route in HOT_ROUTES
    ]

    done = serve_without_django(calls)

    assert done.stderr == ""
    assert [json.loads(line)[0] for line in done.stdout.splitlines()] == [200] * len(HOT_ROUTES)


def test_the_proof_fails_for_an_endpoint_that_imports_django() -> None:
    call = {
        "app": "amal",
        "function": "tenants.services:django_services",
        "url": "sqlite:///:memory:",
        "secret_key": "",
    }

    done = serve_without_django(
        [call | {"method": "", "path": "", "params": {}, "headers": {}, "body": "", "now_ms": 0}]
    )

    assert "'django' is not a package" in done.stderr
