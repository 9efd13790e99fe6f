"""Files of a release, and where they come from."""

from typing import Any

from django.http import FileResponse, Http404
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from content.api.serializers import AttributionSerializer
from content.files import Folder, open_file
from content.models import Asset, Licence

#: A file named by its hash is that file for ever.
IMMUTABLE = "public, max-age=31536000, immutable"


class _FileView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    def _send(self, folder: Folder, sha256: str, media_type: str) -> FileResponse:
        try:
            file = open_file(folder, sha256)
        except FileNotFoundError:
            raise Http404 from None
        # Editors upload SVG, which can carry scripts; opened as a page it may run none.
        headers = {
            "Cache-Control": IMMUTABLE,
            "ETag": f'"{sha256}"',
            "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        }
        return FileResponse(file, content_type=media_type, headers=headers)


@method_decorator(gzip_page, name="dispatch")
class PackView(_FileView):
    @extend_schema(operation_id="get_pack", responses={(200, "application/json"): OpenApiTypes.OBJECT}, auth=[])
    def get(self, request: Request, sha256: str) -> FileResponse:
        """Return one pack of a release; it never changes."""
        return self._send(Folder.PACKS, sha256, "application/json")


class AssetView(_FileView):
    @extend_schema(operation_id="get_asset", responses={(200, "*/*"): OpenApiTypes.BINARY}, auth=[])
    def get(self, request: Request, sha256: str) -> FileResponse:
        """Return one picture or sound; it never changes."""
        asset = Asset.objects.filter(sha256=sha256).order_by("pk").first()
        if asset is None:
            raise Http404
        return self._send(Folder.ASSETS, sha256, asset.media_type)


class AttributionView(APIView):
    authentication_classes = []
    permission_classes = [AllowAny]

    @extend_schema(operation_id="list_attribution", responses=AttributionSerializer(many=True), auth=[])
    def get(self, request: Request) -> Response:
        """Return whose work the content is, with the notices that must be shown word for word."""
        licences: Any = Licence.objects.order_by("key")
        return Response(AttributionSerializer(licences, many=True).data)
