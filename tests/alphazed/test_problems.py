"""Whatever goes wrong, a program gets a problem document (RFC 9457) whose request id leads to the log."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from content.models import ContentByte, Release
from tenants import current
from tests.phones import Phone, problem_of

HOT_POST = "/user/{learner}/answers"
HEAVY_POST = "/app/device"
POSTS = pytest.mark.parametrize("path", [HOT_POST, HEAVY_POST], ids=["hot", "heavy"])


def path_of(phone: Phone, path: str) -> str:
    return path.format(learner=phone.learner)


def check(response: Any, status: int, code: str) -> dict[str, Any]:
    """Check what all problems have in common."""
    problem = problem_of(response)
    assert (response.status_code, problem["code"]) == (status, code)
    assert problem["type"] == f"urn:alphazed:problem:{code}"
    assert problem["request_id"] == response["X-Request-Id"] != ""
    assert response["Cache-Control"] == "no-store"
    return problem


@pytest.mark.parametrize(
    "path", ["/", "/app", "/app/", "/app/nothing", "/app/config/", "/user/x/progress", "/user/-1/today"]
)
def test_a_path_that_nothing_serves_is_a_problem(phone: Phone, path: str) -> None:
    check(phone.get(path), 404, "not_found")


def test_what_a_view_does_not_find_is_a_problem(phone: Phone) -> None:
    check(phone.get("/user/learners/999"), 404, "not_found")
    check(phone.get("/app/assets/" + "0" * 64), 404, "not_found")


def test_an_unknown_host_is_a_problem(client: Client) -> None:
    check(client.get("/app/config", headers={"host": "nobody.example"}), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/app/config", "GET"),
        ("DELETE", "/user/1/progress", "GET"),
        ("GET", "/user/1/answers", "POST"),
        ("PUT", "/app/health", "GET"),
        ("GET", "/app/device", "POST"),
        ("PUT", "/user/learners/1", "GET, PATCH, DELETE"),
        ("BREW", "/app/attribution", "GET"),
    ],
)
def test_a_method_that_a_path_does_not_take_is_a_problem_naming_those_it_does(
    phone: Phone, method: str, path: str, allowed: str
) -> None:
    response = phone.send(method, path)

    check(response, 405, "method_not_allowed")
    assert set(allowed.split(", ")) <= set(response["Allow"].split(", "))
    assert method not in response["Allow"].split(", ")


@POSTS
@pytest.mark.parametrize(
    "body",
    ["{", "{'a': 1}", '{"a": NaN}', b'{"a": "\xff"}', "[" * 100_000, '{"a": ' + "9" * 5000 + "}"],
    ids=["broken", "quotes", "NaN", "not UTF-8", "deep", "a long number"],
)
def test_a_body_that_is_not_json_is_a_problem(phone: Phone, released: Release, path: str, body: Any) -> None:
    phone.client.raise_request_exception = False

    check(phone.post(path_of(phone, path), body), 400, "malformed_json")


@POSTS
def test_a_body_that_is_no_object_is_a_problem(phone: Phone, released: Release, path: str) -> None:
    for body in ("[]", "null", "1", '"a"'):
        assert problem_of(phone.post(path_of(phone, path), body))["status"] == 400


def test_half_a_character_in_one_answer_does_not_cost_the_child_the_others(phone: Phone, released: Release) -> None:
    r"""JSON can write one (\ud800), but no database takes it: the phone would send the batch again for ever."""
    at = datetime.now(UTC).isoformat()
    with current.use(phone.app):
        byte_id = ContentByte.objects.order_by("pk")[0].pk
    answer = {"byte_id": byte_id, "outcome": "exposed", "answered_at": at, "utc_offset_min": 0}
    body = {"sent_at": at, "answers": [answer | {"client_id": client_id} for client_id in ("a\ud800", "good")]}
    phone.client.raise_request_exception = False

    recorded = phone.post(path_of(phone, HOT_POST), body)

    assert recorded.status_code == 200
    assert (recorded.json()["accepted"], len(recorded.json()["rejected"])) == (1, 1)


@pytest.mark.parametrize(
    ("path", "size"),
    [(HOT_POST, 2**20), (HOT_POST, 3 * 2**20), (HEAVY_POST, 3 * 2**20)],
    ids=["hot, 1 MiB", "hot, 3 MiB", "heavy, 3 MiB"],
)
def test_a_body_that_is_too_large_is_a_problem(phone: Phone, released: Release, path: str, size: int) -> None:
    """Django reads no more than 2.5 MiB by itself; what a hot endpoint takes, its app says."""
    check(phone.post(path_of(phone, path), json.dumps({"a": "x" * size})), 413, "too_large")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "a"]
)
def test_a_body_of_another_type_is_a_problem(phone: Phone, content_type: str) -> None:
    body = json.dumps({"install_id": "x", "platform": "web"})

    response = phone.client.generic("POST", "/app/device", body, content_type, headers={"host": "amal.localhost"})

    check(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*", "nonsense"])
def test_a_client_that_takes_something_else_is_refused_by_heavy_endpoints(phone: Phone, accept: str) -> None:
    check(phone.get("/user/learners", accept=accept), 406, "not_acceptable")
    check(phone.get("/app/nothing", accept=accept), 404, "not_found")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "nonsense"])
def test_a_hot_endpoint_sends_what_it_has_with_django_as_without(phone: Phone, accept: str) -> None:
    """The Lambda handler looks at no Accept header."""
    assert phone.get("/app/config", accept=accept).status_code == 200


def test_a_wrong_field_is_a_problem_that_points_at_it(phone: Phone) -> None:
    problem = check(phone.post("/app/device", {"platform": "x"}), 400, "invalid")

    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [
        ("#/install_id", "required"),
        ("#/platform", "invalid_choice"),
    ]
    assert all(set(error) == {"pointer", "code", "detail"} for error in problem["errors"])


def test_a_missing_token_is_a_problem_that_names_the_scheme(phone: Phone) -> None:
    phone.access = ""

    for path in ("/user/learners", f"/user/{phone.learner}/progress"):
        response = phone.get(path)
        check(response, 401, "not_authenticated")
        assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("broken", "method", "path"),
    [
        ("content.hot.config.find_published_number", "GET", "/app/config"),
        ("accounts.api.views.start_device", "POST", "/app/device"),
        ("accounts.api.views.list_learners", "GET", "/user/learners"),
        ("tenants.middleware.find_app_by_host", "GET", "/app/config"),
    ],
)
def test_a_crash_is_a_problem_that_says_nothing_but_where_to_look(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, broken: str, method: str, path: str
) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("the secret is 42")

    monkeypatch.setattr(broken, crash)
    phone.client.raise_request_exception = False

    response = phone.send(method, path, {"install_id": "x", "platform": "web"})

    check(response, 500, "crash")
    assert b"secret" not in response.content
    assert b"Traceback" not in response.content


def test_a_crash_undoes_what_the_request_wrote(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_: Any) -> None:
        raise RuntimeError

    before = phone.get("/user/learners").json()
    monkeypatch.setattr("accounts.services.devices.Guardianship.objects.create", crash)
    phone.client.raise_request_exception = False

    check(phone.post("/user/learners", {}), 500, "crash")

    assert phone.get("/user/learners").json() == before


def test_health_is_a_problem_when_the_database_does_not_answer(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: Any) -> None:
        raise OSError("gone")

    monkeypatch.setattr("tenants.services.DjangoDatabase.select", crash)

    check(client.get("/app/health", headers={"host": "localhost"}), 503, "unavailable")


@pytest.mark.parametrize("given", ["a-safe-id", "01234567", "A" * 64, "8f14e45f-ceea-467f-a0a6-6f9d2b1f3c5d"])
def test_a_client_may_name_its_request(phone: Phone, given: str) -> None:
    for path in ("/app/config", "/user/learners"):
        assert phone.get(path, x_request_id=given)["X-Request-Id"] == given

    assert problem_of(phone.get("/app/nothing", x_request_id=given))["request_id"] == given


@pytest.mark.parametrize(
    "given",
    [
        "",
        "short",
        "A" * 65,
        "with space",
        "line\nbreak",
        "a-safe-id\n",
        '"quoted-id"',
        "<script>alert",
        "أأأأأأأأ",
        "id_with_underscore",
    ],
)
def test_a_name_that_could_forge_a_log_is_replaced(phone: Phone, given: str) -> None:
    response = phone.get("/app/nothing", x_request_id=given)

    assert response["X-Request-Id"] == problem_of(response)["request_id"] != given
    assert len(response["X-Request-Id"]) == 16


def test_each_request_has_a_name_of_its_own(phone: Phone) -> None:
    assert len({phone.get("/app/config")["X-Request-Id"] for _ in range(5)}) == 5


def test_an_error_of_the_dashboard_is_a_page_for_people(phone: Phone) -> None:
    response = phone.get("/boss/nothing-here/")

    assert not response.get("Content-Type", "").startswith("application/problem+json")
