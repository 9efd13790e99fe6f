"""Every error of the API as problem+json: refusals, DRF's own, 404, 405 and a crash."""

import logging
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import DisallowedHost, PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.views import set_rollback

from alphazed.middleware import request_id_of
from bossadmin.middleware import PAGES
from thin.errors import TYPE_PREFIX, AppError, TooLarge, problem
from thin.http import PROBLEM_JSON, encode

if TYPE_CHECKING:
    from rest_framework.request import Request

logger = logging.getLogger(__name__)

CODES = {
    exceptions.ParseError: "malformed_json",
    exceptions.ValidationError: "invalid",
}


def answer_exception(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's exception handler: a problem document, or None for a crash, which Django then logs."""
    request: Request = context["request"]
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, RequestDataTooBig):
        error = TooLarge(f"at most {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes are taken")
    if isinstance(error, AppError):
        document, headers = problem(error, request_id_of(request._request)), {}
        if error.http_status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
    elif isinstance(error, exceptions.APIException):
        document, headers = _translate(error, request_id_of(request._request)), _headers(error)
    else:
        return None
    set_rollback()
    return _respond(document, headers)


def _translate(error: exceptions.APIException, request_id: str) -> dict[str, Any]:
    code = CODES.get(type(error)) or str(error.default_code)
    status = HTTPStatus(error.status_code)
    is_form = isinstance(error, exceptions.ValidationError)
    return {
        "type": TYPE_PREFIX + code,
        "title": status.phrase,
        "status": int(status),
        "code": code,
        "detail": "some fields are not valid" if is_form else str(error.detail),
        "errors": list(_flatten(error.get_full_details())) if is_form else [],
        "request_id": request_id,
    }


def _flatten(details: Any, pointer: str = "#") -> Any:  # noqa: ANN401 - DRF nests lists and dictionaries freely
    """Yield DRF's nested details as `{pointer, code, detail}`, the pointer a JSON pointer (RFC 6901)."""
    if isinstance(details, dict) and {"message", "code"} == set(details):
        yield {"pointer": pointer, "code": str(details["code"]), "detail": str(details["message"])}
    elif isinstance(details, dict):
        for name, below in details.items():
            yield from _flatten(below, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    else:
        for below in details:
            yield from _flatten(below, pointer)


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def _respond(document: dict[str, Any], headers: dict[str, str] | None = None) -> HttpResponse:
    response = HttpResponse(encode(document), PROBLEM_JSON, document["status"], headers=headers)
    response["Cache-Control"] = "no-store"
    return response


def _page(request: HttpRequest, status: HTTPStatus, code: str, detail: str) -> HttpResponse:
    return _respond(
        {
            "type": TYPE_PREFIX + code,
            "title": status.phrase,
            "status": int(status),
            "code": code,
            "detail": detail,
            "errors": [],
            "request_id": request_id_of(request),
        }
    )


def answer_400(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(PAGES):
        return defaults.bad_request(request, exception)
    if isinstance(exception, DisallowedHost):
        return _page(request, HTTPStatus.NOT_FOUND, "not_found", "no app is served at this host")
    return _page(request, HTTPStatus.BAD_REQUEST, "bad_request", "the request cannot be read")


def answer_403(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(PAGES):
        return defaults.permission_denied(request, exception)
    return _page(request, HTTPStatus.FORBIDDEN, "permission_denied", "this is not allowed")


def answer_404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for a path that nothing serves, or a host that no app has."""
    if request.path.startswith(PAGES):
        return defaults.page_not_found(request, exception)
    reason = exception.args[0] if exception.args and isinstance(exception.args[0], str) else "nothing is at this path"
    return _page(request, HTTPStatus.NOT_FOUND, "not_found", reason)


def answer_500(request: HttpRequest) -> HttpResponse:
    """Answer for a crash; Django has logged it, and the request id leads there."""
    if request.path.startswith(PAGES):
        return defaults.server_error(request)
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR, "crash", "something broke; the request id names the report")
