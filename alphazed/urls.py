"""All paths of the project: hot ones first."""

from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from alphazed.hot_views import mount_hot_routes

urlpatterns = [
    *mount_hot_routes(),
    path("app/schema", SpectacularAPIView.as_view(authentication_classes=[], permission_classes=[]), name="schema"),
    path(
        "app/docs",
        SpectacularSwaggerView.as_view(
            url_name="schema",
            authentication_classes=[],
            permission_classes=[],
            http_method_names=["get", "head"],  # it renders pages only, and OPTIONS has none
        ),
    ),
    path("", include("accounts.api.urls")),
    path("", include("content.api.urls")),
    path("", include("learning.api.urls")),
    path("boss/", admin.site.urls),
]

handler400 = "alphazed.problems.answer_400"
handler403 = "alphazed.problems.answer_403"
handler404 = "alphazed.problems.answer_404"
handler500 = "alphazed.problems.answer_500"
