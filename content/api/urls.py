from django.urls import path, register_converter

from content.api import views


class Sha256Converter:
    regex = "[0-9a-f]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Sha256Converter, "sha256")

urlpatterns = [
    path("app/content/packs/<sha256:sha256>", views.PackView.as_view()),
    path("app/assets/<sha256:sha256>", views.AssetView.as_view()),
    path("app/attribution", views.AttributionView.as_view()),
]
