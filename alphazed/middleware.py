"""A name for each request, told to the client and written into every problem and every line of the log."""

import re
import secrets
from typing import TYPE_CHECKING, Any, cast

from django.http import FileResponse, StreamingHttpResponse

from thin import origin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

HEADER = "X-Request-Id"
#: What a client may choose for itself; anything else could forge lines of a log.
ACCEPTABLE = re.compile(r"[A-Za-z0-9-]{8,64}")


class RequestIdMiddleware:
    def __init__(self, get_response: "Callable[[HttpRequest], HttpResponseBase]") -> None:
        self._get_response = get_response

    def __call__(self, request: "HttpRequest") -> "HttpResponseBase":
        given = request.headers.get(HEADER, "")
        request_id = given if ACCEPTABLE.fullmatch(given) else secrets.token_hex(8)
        request.META["alphazed.request_id"] = request_id
        with origin.named(request_id):
            response = self._get_response(request)
        response[HEADER] = request_id
        # A file is handed to the server as it is: no code of ours runs while it is sent.
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            _name_body(response, request_id)
        return response


def request_id_of(request: "HttpRequest") -> str:
    """Return the id that the middleware gave a request."""
    return str(request.META.get("alphazed.request_id", ""))


def _name_body(response: StreamingHttpResponse, request_id: str) -> None:
    """Make a body, which the server asks for after the middleware, in the name of the request, and close it so."""
    closers = cast("Any", response)._resource_closers  # noqa: SLF001 - Django shows them to nobody
    closers[:] = [origin.named(request_id)(close) for close in closers]
    body = response.streaming_content
    if response.is_async:
        response.streaming_content = _chunks_async(cast("AsyncIterator[bytes]", body), request_id)
    else:
        response.streaming_content = _chunks(cast("Iterator[bytes]", body), request_id)


# Named around each step, not around the whole: a body that waits must not lend its name to whoever asks for the next.
def _chunks(body: "Iterator[bytes]", request_id: str) -> "Iterator[bytes]":
    while True:
        with origin.named(request_id):
            try:
                chunk = next(body)
            except StopIteration:
                return
        yield chunk


async def _chunks_async(body: "AsyncIterator[bytes]", request_id: str) -> "AsyncIterator[bytes]":
    while True:
        with origin.named(request_id):
            try:
                chunk = await anext(body)
            except StopAsyncIteration:
                return
        yield chunk
