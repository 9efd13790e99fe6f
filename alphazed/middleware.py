"""A name for each request, told to the client and written into every problem."""

import re
import secrets
from typing import TYPE_CHECKING

from alphazed import logs

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-Id"
#: What a client may choose for itself; anything else could forge lines of a log.
ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponse]") -> None:
        self._get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponse":
        given = request.headers.get(HEADER, "")
        request_id = given if ACCEPTABLE.fullmatch(given) else secrets.token_hex(8)
        request.META["alphazed.request_id"] = request_id
        token = logs.request_id.set(request_id)
        try:
            response = self._get_response(request)
        finally:
            logs.request_id.reset(token)
        response[HEADER] = request_id
        return response


def request_id_of(request: "HttpRequest") -> str:
    """Return the id that the middleware gave a request."""
    return str(request.META.get("alphazed.request_id", ""))
