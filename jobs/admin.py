"""The outbox in the dashboard: what waits, what died, and another try."""

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jobs.models import Job
from jobs.services import retry_job
from tenants.admin import ReadOnlyAdmin, label

if TYPE_CHECKING:
    from django.db.models import QuerySet

STATUS_COLOURS = {"waiting": "info", "done": "success", "dead": "danger"}


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "coloured_status", "attempts", "run_after", "created_at", "request_id", "last_line"]
    list_filter = ["status", "task"]
    search_fields = ["task", "headers__request_id"]
    search_help_text = "Name of a task, or id of the request that caused it"
    ordering = ["-pk"]
    fields = [
        *("task", "arguments", "request_id"),
        *("coloured_status", "attempts", "run_after", "created_at", "finished_at", "traceback"),
    ]
    readonly_fields = ["request_id", "coloured_status", "traceback"]
    actions = ["retry"]

    @label(STATUS_COLOURS, description="status", ordering="status")
    def coloured_status(self, job: Job) -> str:
        return str(job.status)

    @admin.display(description="request")
    def request_id(self, job: Job) -> str:
        return str(job.headers.get("request_id", ""))

    @admin.display(description="error")
    def last_line(self, job: Job) -> SafeString:
        return format_html('<span dir="ltr">{}</span>', job.error.strip().rsplit("\n", 1)[-1][:120])

    @admin.display(description="error")
    def traceback(self, job: Job) -> SafeString:
        return format_html('<pre dir="ltr" class="overflow-x-auto text-xs">{}</pre>', job.error)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        """Tell whether the person may set jobs going again, although nobody may edit one."""
        return bool(request.user.has_perm("jobs.change_job"))

    @admin.action(description="Retry the dead ones", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: "QuerySet[Job]") -> None:
        retried = sum(retry_job(pk, now=timezone.now()) for pk in queryset.values_list("pk", flat=True))
        if retried:
            self.message_user(request, f"The worker will run {retried} again.", messages.SUCCESS)
        else:
            self.message_user(request, "None of them is dead.", messages.WARNING)
