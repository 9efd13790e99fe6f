"""Who changed what in the dashboard: Django writes it down, and nobody can wipe it off."""

from django.contrib import admin
from django.contrib.admin.models import LogEntry

from tenants.admin import ReadOnlyAdmin


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    list_display = ["action_time", "user", "content_type", "object_repr", "action_flag", "change_message"]
    list_filter = ["action_flag", "content_type"]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "user__email"]
    ordering = ["-action_time", "-pk"]
