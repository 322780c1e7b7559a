from django.contrib import admin

from audit.recorded_admin import RecordedAdmin
from responsibilities.models import Responsibility


@admin.register(Responsibility)
class ResponsibilityAdmin(RecordedAdmin):
    """Ended by its last day."""

    list_display = ["organisation", "part", "subject", "reports_figure", "valid_from", "valid_to", "provenance"]
    list_filter = ["plan", "part", "reports_figure", "provenance"]
    list_select_related = ["organisation", "indicator", "task", "project"]
    search_fields = ["organisation__name", "indicator__name", "task__title", "project__name"]
