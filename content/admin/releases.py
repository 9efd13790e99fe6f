"""Releases in the dashboard: built by the worker, looked at here, and published by moving one pointer."""

from typing import TYPE_CHECKING, Any, override

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from content.models import Pack, Publication, Release
from content.services.releases import publish_release
from content.tasks import BUILD_RELEASE
from jobs.services import enqueue
from tenants.admin import ReadOnlyAdmin, ReadOnlyInline, asking_first, redirect_to

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse


class PackInline(ReadOnlyInline):
    model = Pack
    fields = ["size", "sha256"]
    ordering = ["position"]
    per_page = 25


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "is_published", "concepts", "bytes", "left_out", "created_at"]
    ordering = ["-number"]
    fields = ["number", "created_at", "concepts", "bytes", "left_out", "index_sha256"]
    inlines = [PackInline]
    actions_list = ["build"]
    actions_row = ["publish"]
    actions_detail = ["publish"]

    @override
    def get_queryset(self, request: "HttpRequest") -> "QuerySet[Release]":
        pointer = Publication.objects.filter(release=OuterRef("pk"))
        releases: QuerySet[Release] = super().get_queryset(request)
        return releases.annotate(published=Exists(pointer))

    @admin.display(description="published", boolean=True)
    def is_published(self, release: Any) -> bool:  # noqa: ANN401 - annotated above
        return bool(release.published)

    def has_publish_permission(self, request: "HttpRequest", _object_id: object = None) -> bool:
        """Tell whether the person may decide what children get."""
        return bool(request.user.has_perm("content.change_publication"))

    @asking_first(
        "Build and publish a release",
        question="Everything that is live and whole goes to children as soon as the worker has built it.",
        icon="rocket_launch",
        permission="publish",
    )
    def build(self, request: "HttpRequest", _form: object) -> "HttpResponse":
        enqueue(BUILD_RELEASE, publish=True)
        self.message_user(request, "The worker will build the release and publish it.", messages.SUCCESS)
        return redirect_to(reverse("admin:content_release_changelist"))

    @asking_first(
        "Publish this release",
        question="Children get this release from their next call on, whether it is newer or older than the live one.",
        icon="podcasts",
        permission="publish",
    )
    def publish(self, request: "HttpRequest", _form: object, object_id: str) -> "HttpResponse":
        release = get_object_or_404(Release, pk=object_id)
        publish_release(number=release.number)
        self.log_change(request, release, "Published.")
        self.message_user(request, f"{release} is live.", messages.SUCCESS)
        return redirect_to(reverse("admin:content_release_changelist"))


@admin.register(Pack)
class PackAdmin(ReadOnlyAdmin):
    list_display = ["key", "release", "readable_size", "sha256"]
    list_select_related = ["release"]
    search_fields = ["key", "sha256__startswith"]
    ordering = ["-release__number", "position", "pk"]

    @admin.display(description="size", ordering="size")
    def readable_size(self, pack: Pack) -> str:
        return filesizeformat(pack.size)


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "release", "published_at"]
    list_select_related = ["release"]
    ordering = ["pk"]
