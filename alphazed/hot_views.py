"""The hot endpoints as Django serves them: the same functions, on Django's connection, documented for OpenAPI."""

import re
import time
from collections import defaultdict
from importlib import import_module
from typing import TYPE_CHECKING, Any, override

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.permissions import AllowAny
from rest_framework.views import APIView

from alphazed.hot_documents import DOCUMENTS
from alphazed.hot_routes import HOT_ROUTES, HotRoute
from alphazed.middleware import request_id_of
from tenants.services import django_services
from thin.errors import AppError
from thin.http import Request, Response, answer_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rest_framework.request import Request as RestRequest


class _AnswerAnyway(BaseContentNegotiation):
    """Look at no Accept header, as the Lambda handler looks at none."""

    @override
    def select_renderer(self, request: Any, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


def mount_hot_routes() -> "Iterator[URLPattern]":
    """Yield one URL pattern for each path of the table."""
    by_path: dict[str, list[HotRoute]] = defaultdict(list)
    for route in HOT_ROUTES:
        by_path[route.path].append(route)
    for template, routes in by_path.items():
        yield path(re.sub(r"\{(\w+)\}", r"<int:\1>", template[1:]), _make_view(routes).as_view())


def _make_view(routes: list[HotRoute]) -> type[APIView]:
    """Make a view with one method for each route of a path; the functions themselves check the token."""
    methods: dict[str, Any] = {route.method.lower(): _make_method(route) for route in routes}
    facts = {
        "authentication_classes": [],
        "permission_classes": [AllowAny],
        "parser_classes": [JSONParser],  # for the schema: the function reads the body itself
        "content_negotiation_class": _AnswerAnyway,
    }
    return type("HotView", (APIView,), {**facts, **methods, "__module__": __name__})


def _make_method(route: HotRoute) -> "Callable[..., HttpResponse]":
    def method(_: APIView, request: "RestRequest", **params: int) -> HttpResponse:
        return _to_django(call(route, _from_django(request, params)))

    method.__doc__ = _load(route).__doc__
    document = DOCUMENTS[route.function]
    return extend_schema(operation_id=route.function.replace(".hot.", "_").replace(":", "_"), **document)(method)


def _load(route: HotRoute) -> "Callable[..., Response]":
    module, _, name = route.function.partition(":")
    function: Callable[..., Response] = getattr(import_module(module), name)
    return function


def call(route: HotRoute, request: Request) -> Response:
    """Call a hot endpoint on Django's services; a refusal becomes its problem document."""
    try:
        return _load(route)(request, django_services())
    except AppError as error:
        return answer_error(error, request.request_id)


def _from_django(request: "RestRequest", params: dict[str, int]) -> Request:
    plain = request._request
    return Request(
        method=plain.method or "GET",
        path=plain.path,
        params={name: str(value) for name, value in params.items()},
        query={name: str(values[-1]) for name, values in plain.GET.lists() if values},
        headers={name.lower(): value for name, value in plain.headers.items()},
        body=plain.body,
        request_id=request_id_of(plain),
        now_ms=time.time_ns() // 1_000_000,
    )


def _to_django(response: Response) -> HttpResponse:
    return HttpResponse(response.body, status=response.status, headers=response.headers)
