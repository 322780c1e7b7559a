from django.contrib import admin

from audit.recorded_admin import ReadOnlyAdmin
from background.models import BackgroundJob


@admin.register(BackgroundJob)
class BackgroundJobAdmin(ReadOnlyAdmin):
    list_display = ["title", "asked_by", "asked_at", "state", "ended_at", "outcome"]
    list_filter = ["state", "kind", "asked_at"]
    search_fields = ["title", "asked_by__name"]
