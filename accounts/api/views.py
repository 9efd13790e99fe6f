"""Account endpoints."""

from typing import cast

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import PARAMETER, idempotent
from accounts.api.serializers import (
    DeviceStartedSerializer,
    DeviceStartSerializer,
    LearnerSerializer,
    RefreshSerializer,
    TokenPairSerializer,
)
from accounts.models import User
from accounts.queries import get_learner, list_learners
from accounts.services.devices import start_device
from accounts.services.learners import create_learner, remove_learner, update_learner
from accounts.services.tokens import refresh_tokens


class DeviceView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="start_device", request=DeviceStartSerializer, responses={201: DeviceStartedSerializer}, auth=[]
    )
    def post(self, request: Request) -> Response:
        """Start anonymously: a guardian, a first learner and tokens, without asking for anything."""
        form = DeviceStartSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        start = start_device(**form.validated_data, now=timezone.now())
        body = {
            "guardian_id": start.guardian.pk,
            "user_id": start.learner.pk,
            "access": start.tokens.access,
            "refresh": start.tokens.refresh,
            "expires_in": start.tokens.expires_in,
        }
        return Response(body, status.HTTP_201_CREATED)


class RefreshView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(operation_id="refresh_tokens", request=RefreshSerializer, responses=TokenPairSerializer, auth=[])
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for its successor and a new access token."""
        form = RefreshSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        pair = refresh_tokens(refresh=form.validated_data["refresh"], now=timezone.now())
        return Response(TokenPairSerializer(pair).data)


class LearnersView(APIView):
    @extend_schema(operation_id="list_learners", responses=LearnerSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Return the caller's children."""
        return Response(LearnerSerializer(list_learners(_caller(request)), many=True).data)

    @extend_schema(
        operation_id="create_learner",
        request=LearnerSerializer,
        responses={201: LearnerSerializer},
        parameters=[PARAMETER],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Add a child."""
        form = LearnerSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        learner = create_learner(guardian=_caller(request), **form.validated_data, now=timezone.now())
        return Response(LearnerSerializer(learner).data, status.HTTP_201_CREATED)


class LearnerView(APIView):
    @extend_schema(operation_id="get_learner", responses=LearnerSerializer)
    def get(self, request: Request, learner_id: int) -> Response:
        """Return one child."""
        return Response(LearnerSerializer(get_learner(subject=_caller(request).pk, learner_id=learner_id)).data)

    @extend_schema(operation_id="update_learner", request=LearnerSerializer, responses=LearnerSerializer)
    def patch(self, request: Request, learner_id: int) -> Response:
        """Change a child's name, year of birth or time zone."""
        learner = get_learner(subject=_caller(request).pk, learner_id=learner_id)
        form = LearnerSerializer(learner, data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        return Response(
            LearnerSerializer(update_learner(learner=learner, now=timezone.now(), **form.validated_data)).data
        )

    @extend_schema(operation_id="remove_learner", responses={204: None})
    def delete(self, request: Request, learner_id: int) -> Response:
        """Take a child from this guardian; with its last guardian the child's data goes too."""
        learner = get_learner(subject=_caller(request).pk, learner_id=learner_id)
        remove_learner(guardian=_caller(request), learner=learner)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _caller(request: Request) -> User:
    return cast("User", request.user)
