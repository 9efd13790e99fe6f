"""What OpenAPI says about the hot endpoints, which have no serializers of their own at run time."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from content.api.documents import ConfigSerializer, ManifestSerializer
from learning.api.documents import (
    AnswerBatchSerializer,
    AnswersRecordedSerializer,
    ProgressSerializer,
    TodaySerializer,
)
from tenants.documents import HealthSerializer

#: By the function's name in `alphazed.hot_routes`: the keyword arguments of `extend_schema`.
DOCUMENTS: dict[str, dict[str, Any]] = {
    "tenants.hot.health:show": {"responses": HealthSerializer, "auth": []},
    "content.hot.config:show": {
        "responses": ConfigSerializer,
        "auth": [],
        "parameters": [OpenApiParameter("country", description="ISO 3166-1 alpha-2; decides when a season begins")],
    },
    "content.hot.manifest:show": {
        "responses": ManifestSerializer,
        "auth": [],
        "parameters": [OpenApiParameter("have", OpenApiTypes.INT, description="The release that the phone has")],
    },
    "learning.hot.progress:show": {"responses": ProgressSerializer(many=True), "auth": [{"accessToken": []}]},
    "learning.hot.today:show": {"responses": TodaySerializer, "auth": [{"accessToken": []}]},
    "learning.hot.answers:record": {
        "request": AnswerBatchSerializer,
        "responses": AnswersRecordedSerializer,
        "auth": [{"accessToken": []}],
    },
}
