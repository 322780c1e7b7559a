from django.contrib import admin

from audit.recorded_admin import RecordedAdmin
from plans.models import Plan, ReportingPeriod


@admin.register(Plan)
class PlanAdmin(RecordedAdmin):
    list_display = ["name", "code", "place", "document_number", "first_year", "last_year", "host", "provenance"]
    search_fields = ["name", "short_name", "code", "document_number"]


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(RecordedAdmin):
    """Periods are defined here; a reviewer opens one, and only verbs move its state."""

    list_display = ["name", "plan", "kind", "starts_on", "ends_on", "opens_on", "deadline", "state"]
    list_filter = ["plan", "kind", "state"]
    search_fields = ["name", "code", "plan__name"]
    readonly_fields = ["state", "opened_by", "opened_at"]
