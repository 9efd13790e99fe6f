"""Sessions, made on demand."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api.idempotency import PARAMETER, idempotent
from accounts.queries import get_learner
from learning.api.serializers import SessionRequestSerializer, SessionSerializer, describe_lesson
from learning.services.sessions import continue_session, start_session


class ContentDuoView(APIView):
    @extend_schema(
        operation_id="generate_session",
        request=SessionRequestSerializer,
        responses=SessionSerializer,
        parameters=[PARAMETER],
    )
    @idempotent
    def post(self, request: Request) -> Response:
        """Make a session for a learner: what is due, what is ready to be learned, and a stretch."""
        form = SessionRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        asked = form.validated_data
        learner = get_learner(subject=int(request.user.pk or 0), learner_id=asked["user_id"])
        if "session_id" in asked:
            lesson = continue_session(learner_id=learner.pk, session_id=asked["session_id"], now=timezone.now())
        else:
            facts = {name: asked[name] for name in ("size", "seconds", "seed")}
            lesson = start_session(learner_id=learner.pk, **facts, now=timezone.now())
        return Response(describe_lesson(lesson))
