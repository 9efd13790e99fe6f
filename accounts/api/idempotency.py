"""The Idempotency-Key header on heavy POSTs (draft-ietf-httpapi-idempotency-key-header)."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import IdempotencyKey
from accounts.services.idempotency import abandon_call, begin_call, finish_call
from thin.errors import InvalidRequest

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST_KEY = 100
#: For `extend_schema` of the endpoints that take it.
PARAMETER = OpenApiParameter(
    HEADER, location=OpenApiParameter.HEADER, description="Sent again with the same key, the call runs once a day"
)

type Post = Callable[..., Response]


def idempotent(post: Post) -> Callable[..., HttpResponse]:
    """Let an authenticated `post` be sent again with the same Idempotency-Key: it runs once a day.

    A refusal is not kept: the phone may mend what was wrong and use the same key.
    """

    @wraps(post)
    def answer_once(view: APIView, request: Request, **params: Any) -> HttpResponse:  # noqa: ANN401 - of the path
        key = request.headers.get(HEADER, "")
        if not key:
            return post(view, request, **params)
        call = begin_call(
            user_id=int(request.user.pk or 0),
            route=f"{request.method} {request.path}",
            key=_check(key),
            body_hash=sha256(request._request.body).hexdigest(),
            now=timezone.now(),
        )
        if call.status is not None:
            return _replay(call)
        try:
            # One transaction: a process killed between the work and its answer would leave the work to be done twice.
            with transaction.atomic():
                response = post(view, request, **params)
                finish_call(call, status=response.status_code, answer=JSONRenderer().render(response.data).decode())
        except BaseException:
            abandon_call(call)
            raise
        return response

    return answer_once


def _check(key: str) -> str:
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise InvalidRequest(f"{HEADER} must be at most {LONGEST_KEY} printable ASCII characters")
    return key


def _replay(call: IdempotencyKey) -> HttpResponse:
    return HttpResponse(call.answer, "application/json", call.status, headers={REPLAYED: "true"})
