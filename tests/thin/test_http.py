"""Requests and answers of the hot path."""

import json
from typing import Any

import pytest

from tenants.current import NoTenant
from thin.database import SqliteDatabase
from thin.errors import AppError, InvalidRequest, MalformedJson, NotFound, TooLarge, Unauthenticated, problem
from thin.http import Request, Response, Services, answer, answer_cacheable, answer_error, encode, read_json_object

LIMIT = 100


def request_of(body: bytes = b"", **headers: str) -> Request:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request("GET", "/app/config", {}, {}, named, body, "an-id", 0)


def ask_again(if_none_match: str) -> Response:
    return answer_cacheable(request_of(if_none_match=if_none_match), {"a": 1})


ETAG = answer_cacheable(request_of(), {"a": 1}).headers["ETag"]


def test_an_object_is_read() -> None:
    assert read_json_object(request_of('{"a": ["أ", 1.5, null]}'.encode()), LIMIT) == {"a": ["أ", 1.5, None]}


def test_a_body_of_exactly_the_limit_is_read() -> None:
    body = json.dumps({"a": "x" * (LIMIT - 9)}).encode()

    assert len(body) == LIMIT
    assert read_json_object(request_of(body), LIMIT) == {"a": "x" * (LIMIT - 9)}


def test_a_body_beyond_the_limit_is_refused_with_the_limit() -> None:
    with pytest.raises(TooLarge) as caught:
        read_json_object(request_of(b"{" + b" " * LIMIT), LIMIT)

    assert problem(caught.value, "an-id")["limit_bytes"] == LIMIT


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": 1} x',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b"NaN",
        b'{"a": "\xff"}',
        b"\xff\xfe",
        b'{"a": "\n"}',
        b'{"a": ' + b"[" * 100_000,
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: repr(body[:16]),
)
def test_what_is_not_strict_json_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedJson):
        read_json_object(request_of(body), 10**6)


@pytest.mark.parametrize("body", [b"[]", b"null", b"1", b'"a"', b"true"])
def test_json_that_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedJson, match="must be a JSON object"):
        read_json_object(request_of(body), LIMIT)


def test_an_answer_is_compact_utf_8_that_nobody_keeps() -> None:
    response = answer({"a": "أ"}, status=201, retry_after="3")

    assert response.status == 201
    assert response.body == '{"a":"أ"}'.encode()
    assert response.headers == {"Content-Type": "application/json", "Cache-Control": "no-store", "Retry-After": "3"}


def test_an_answer_that_is_no_json_is_never_sent() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode({"a": float("nan")})


@pytest.mark.parametrize(
    "if_none_match",
    [ETAG, f"W/{ETAG}", f'"x", {ETAG}', f'{ETAG},"x"', f'W/"x" , W/{ETAG} ', "*"],
)
def test_what_the_client_has_already_is_not_sent_again(if_none_match: str) -> None:
    response = ask_again(if_none_match)

    assert (response.status, response.body) == (304, b"")
    assert response.headers["ETag"] == ETAG
    assert {"Cache-Control", "Vary"} <= set(response.headers)


@pytest.mark.parametrize("if_none_match", ["", '"x"', ETAG.strip('"'), ETAG + "x", f'"{ETAG}"', "W/", ","])
def test_what_the_client_does_not_have_is_sent(if_none_match: str) -> None:
    response = ask_again(if_none_match)

    assert (response.status, response.body) == (200, b'{"a":1}')


def test_the_etag_follows_the_body() -> None:
    assert answer_cacheable(request_of(), {"a": 2}).headers["ETag"] != ETAG


def test_only_what_has_an_age_may_be_kept_by_everybody() -> None:
    mine = answer_cacheable(request_of(), {})
    everybodys = answer_cacheable(request_of(), {}, max_age_s=60)

    assert mine.headers["Cache-Control"] == "private, no-cache"
    assert everybodys.headers["Cache-Control"] == "public, max-age=60"
    assert mine.headers["Vary"] == everybodys.headers["Vary"] == "Host"


def test_a_refusal_for_want_of_a_token_names_the_scheme() -> None:
    response = answer_error(Unauthenticated("who?"), "an-id")

    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("error", [InvalidRequest(), NotFound(), TooLarge()], ids=lambda error: error.code)
def test_no_other_refusal_names_a_scheme(error: AppError) -> None:
    response = answer_error(error, "an-id")

    assert response.status == error.http_status
    assert "WWW-Authenticate" not in response.headers


def test_a_refusal_is_a_problem_document() -> None:
    errors = [{"pointer": "#/a", "code": "invalid", "detail": "no"}]

    response = answer_error(InvalidRequest("Not this.", errors=errors, limit=3), "an-id")

    assert response.headers == {"Content-Type": "application/problem+json", "Cache-Control": "no-store"}
    assert json.loads(response.body) == {
        "type": "urn:alphazed:problem:invalid",
        "title": "The request is not valid",
        "status": 400,
        "code": "invalid",
        "detail": "Not this.",
        "errors": errors,
        "request_id": "an-id",
        "limit": 3,
    }


def test_services_without_an_app_guess_none() -> None:
    database: Any = SqliteDatabase(None, "")
    services = Services(None, database, "a secret")

    for touch in (lambda: services.app, lambda: services.signing_key):
        with pytest.raises(NoTenant):
            touch()
