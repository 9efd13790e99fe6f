"""Errors that reach a client, as RFC 9457 problem details."""

from typing import Any, ClassVar

TYPE_PREFIX = "urn:alphazed:problem:"


class AppError(Exception):
    """A refusal with a stable code; subclasses stand beside the code that raises them.

    `detail` is a sentence for a developer, `errors` the places in the request that are wrong, as
    `{pointer, code, detail}`; other keyword arguments become members of the problem document.
    """

    code: ClassVar[str] = "error"
    http_status: ClassVar[int] = 400
    title: ClassVar[str] = "Bad request"

    def __init__(self, detail: str = "", *, errors: list[dict[str, str]] | None = None, **data: Any) -> None:  # noqa: ANN401 - JSON values
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = errors or []
        self.data = data


class InvalidRequest(AppError):
    code = "invalid"
    http_status = 400
    title = "The request is not valid"


class MalformedJson(AppError):
    code = "malformed_json"
    http_status = 400
    title = "The body is not valid JSON"


class TooLarge(AppError):
    code = "too_large"
    http_status = 413
    title = "The body is too large"


class Unauthenticated(AppError):
    code = "not_authenticated"
    http_status = 401
    title = "A valid access token is needed"


class NotFound(AppError):
    """What is missing and what belongs to somebody else look alike."""

    code = "not_found"
    http_status = 404
    title = "Not found"


def problem(error: AppError, request_id: str) -> dict[str, Any]:
    """Return the problem document of an error."""
    return {
        "type": TYPE_PREFIX + error.code,
        "title": error.title,
        "status": error.http_status,
        "code": error.code,
        "detail": error.detail,
        "errors": error.errors,
        "request_id": request_id,
        **error.data,
    }
