"""Requests and responses of hot endpoints, and the services they may use."""

import json
from hashlib import blake2b
from typing import Any, NamedTuple

from tenants.current import NoTenant
from tenants.registry.app import App
from thin.database import Database
from thin.errors import AppError, MalformedJson, TooLarge, problem
from thin.tokens import SigningKey, derive_key

JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


class Request(NamedTuple):
    """One call. Header names are lower-case; `params` are the parts taken from the path."""

    method: str
    path: str
    params: dict[str, str]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    request_id: str
    now_ms: int  # since 1970, UTC: the only clock an endpoint reads


class Response(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Services(NamedTuple):
    """What an endpoint works with; the same whether Django or the Lambda handler calls it."""

    found_app: App | None  # None only where no app is served: a health check by address
    database: Database
    secret_key: str

    @property
    def app(self) -> App:
        if self.found_app is None:
            raise NoTenant
        return self.found_app

    @property
    def signing_key(self) -> SigningKey:
        return derive_key(self.secret_key, self.app.name)


def encode(payload: object) -> bytes:
    """Return compact UTF-8 JSON, as Django REST framework renders it.

    Half of a character, which an error may quote from a request, has no UTF-8: it is escaped, as JSON allows.
    """
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "backslashreplace")


def answer(payload: object, *, status: int = 200, **headers: str) -> Response:
    """Answer with JSON that nobody may keep."""
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return Response(status, {"Content-Type": JSON, "Cache-Control": "no-store"} | named, encode(payload))


def answer_cacheable(request: Request, payload: object, *, max_age_s: int = 0) -> Response:
    """Answer with an ETag over the body, or 304 when the client has it already.

    With a `max_age_s` anybody may keep the answer so long; without one only the client may, asking each time.
    """
    body = encode(payload)
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    keep = f"public, max-age={max_age_s}" if max_age_s else "private, no-cache"
    headers = {"Content-Type": JSON, "Cache-Control": keep, "ETag": etag, "Vary": "Host"}
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}
    if known & {etag, "*"}:
        return Response(304, headers, b"")
    return Response(200, headers, body)


def answer_error(error: AppError, request_id: str) -> Response:
    """Answer with the error's problem document."""
    headers = {"Content-Type": PROBLEM_JSON, "Cache-Control": "no-store"}
    if error.http_status == 401:  # noqa: PLR2004 - RFC 9110, 11.6.1: a 401 names the scheme
        headers["WWW-Authenticate"] = "Bearer"
    return Response(error.http_status, headers, encode(problem(error, request_id)))


def read_json_object(request: Request, limit_bytes: int) -> dict[str, Any]:
    """Return the body as an object; refuse a larger one, and whatever is not an object of strict JSON."""
    if len(request.body) > limit_bytes:
        raise TooLarge(f"at most {limit_bytes} bytes are taken", limit_bytes=limit_bytes)
    try:
        payload = json.loads(request.body, parse_constant=_refuse_constant, parse_float=_read_float)
    except (ValueError, RecursionError) as error:
        raise MalformedJson(str(error)) from None
    if not isinstance(payload, dict):
        raise MalformedJson("the body must be a JSON object")
    return payload


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _read_float(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError(f"{text} is too large a number")
    return number
