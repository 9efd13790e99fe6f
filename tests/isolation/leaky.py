"""A URLconf of mistakes, each of which somebody has made: the attacks must find them, and nothing else."""

from typing import Any, ClassVar

from django.urls import path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request as RestRequest
from rest_framework.response import Response as RestResponse
from rest_framework.views import APIView

from accounts.api.authentication import TokenAuthentication
from accounts.hot.access import authenticate
from accounts.models import User
from accounts.queries import get_learner
from alphazed import hot_views, urls
from alphazed.hot_documents import DOCUMENTS
from alphazed.hot_routes import HotRoute
from tenants import current
from tenants.registry.catalogue import find_app_by_host
from thin.errors import NotFound
from thin.http import Request, Response, Services, answer

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


class LearnerId(serializers.Serializer):
    user_id = serializers.IntegerField(min_value=1)


def list_children(request: RestRequest) -> list[str]:
    """Return the names of the caller's children."""
    return list(User.objects.filter(guardianships__guardian=request.user.pk).values_list("name", flat=True))


class TrustsHeader(APIView):
    def get(self, request: RestRequest) -> RestResponse:
        with current.use(request.headers.get("X-App", current.get().name)):
            return RestResponse(list_children(request))


class TrustsForwardedHost(APIView):
    def get(self, request: RestRequest) -> RestResponse:
        with current.use(find_app_by_host(request.headers.get("X-Forwarded-Host", "")) or current.get()):
            return RestResponse(list_children(request))


class TrustsQuery(APIView):
    def get(self, request: RestRequest) -> RestResponse:
        with current.use(request.query_params.get("app", current.get().name)):
            return RestResponse(list_children(request))


class TrustsBody(APIView):
    """Answers like an honest one, and writes into the app that the body names."""

    @extend_schema(request=LearnerId, responses=None)
    def post(self, request: RestRequest) -> RestResponse:
        body: Any = request.data
        learner = get_learner(subject=int(request.user.pk or 0), learner_id=body["user_id"])
        with current.use(body.get("app", current.get().name)):
            User.objects.filter(pk=learner.pk).update(country="XX")
        return RestResponse([])


class KeptOnTheClass(APIView):
    """Reads once for the whole process, as a queryset that was evaluated on the class would."""

    names: ClassVar[list[str]] = []

    def get(self, request: RestRequest) -> RestResponse:
        if not self.names:
            self.names.extend(list_children(request))
        return RestResponse(self.names)


class ForgetsTheOwner(APIView):
    def get(self, request: RestRequest, learner_id: int) -> RestResponse:
        learner = User.objects.filter(pk=learner_id).first()
        if learner is None:
            raise NotFound
        return RestResponse({"name": learner.name})


class TellsApart(APIView):
    def get(self, request: RestRequest, learner_id: int) -> RestResponse:
        try:
            get_learner(subject=int(request.user.pk or 0), learner_id=learner_id)
        except NotFound:
            if User.objects.filter(pk=learner_id).exists():
                raise PermissionDenied from None
            raise
        return RestResponse([])


class WritesFirst(APIView):
    def delete(self, request: RestRequest, learner_id: int) -> RestResponse:
        User.objects.filter(pk=learner_id).update(name="")
        get_learner(subject=int(request.user.pk or 0), learner_id=learner_id)
        return RestResponse([])


class OpenToAll(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    def get(self, request: RestRequest) -> RestResponse:
        return RestResponse(list(User.objects.values_list("name", flat=True)))


class TakesAnyApp(TokenAuthentication):
    """Tries the keys of all apps, as one key for all apps would."""

    def authenticate(self, request: RestRequest) -> Any:
        for name in ("amal", "thurayya"):
            with current.use(name):
                try:
                    return super().authenticate(request)
                except NotFound:
                    raise
                except Exception:  # noqa: BLE001, S112 - the mistake itself
                    continue
        return super().authenticate(request)


class OneKeyForAll(APIView):
    authentication_classes = [TakesAnyApp]

    def get(self, request: RestRequest) -> RestResponse:
        return RestResponse(list_children(request))


class NoLongerPublic(APIView):
    def get(self, request: RestRequest) -> RestResponse:
        return RestResponse([])


class AnswersAnyMethod(APIView):
    def get(self, request: RestRequest) -> RestResponse:
        return RestResponse([])

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> RestResponse:
        return RestResponse(list_children(request))


class Sound(APIView):
    def get(self, request: RestRequest, learner_id: int) -> RestResponse:
        return RestResponse({"name": get_learner(subject=int(request.user.pk or 0), learner_id=learner_id).name})


def hot_without_asking(request: Request, services: Services) -> Response:
    """Check the token, and forget to ask whether the caller may act for the learner."""
    authenticate(request, services)
    learner = (int(request.params["user_id"]),)
    return answer(services.database.select("SELECT name FROM {app}users WHERE id = %s", learner))


def hot_with_prefixes_of_its_own(_: Request, services: Services) -> Response:
    """Read tables that the code itself names, at whatever host."""
    return answer(services.database.select("SELECT name FROM amal_users UNION SELECT name FROM thurayya_users"))


HOT_ROUTES = (
    HotRoute("GET", "/hot/{user_id}/names", f"{__name__}:hot_without_asking"),
    HotRoute("GET", "/hot/{user_id}/prefix", f"{__name__}:hot_with_prefixes_of_its_own"),
)
DOCUMENTS.update({route.function: {"responses": None} for route in HOT_ROUTES})

urlpatterns = [
    *(
        path(route.path[1:].replace("{user_id}", "<int:user_id>"), hot_views._make_view([route]).as_view())
        for route in HOT_ROUTES
    ),
    path("trusts/header", TrustsHeader.as_view()),
    path("trusts/forwarded-host", TrustsForwardedHost.as_view()),
    path("trusts/query", TrustsQuery.as_view()),
    path("trusts/body", TrustsBody.as_view()),
    path("kept-on-the-class", KeptOnTheClass.as_view()),
    path("forgets/<int:learner_id>", ForgetsTheOwner.as_view()),
    path("tells/<int:learner_id>", TellsApart.as_view()),
    path("writes/<int:learner_id>", WritesFirst.as_view()),
    path("open", OpenToAll.as_view()),
    path("one-key", OneKeyForAll.as_view()),
    path("any-method", AnswersAnyMethod.as_view()),
    path("app/config", NoLongerPublic.as_view()),
    path("sound/<int:learner_id>", Sound.as_view()),
]
