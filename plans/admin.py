from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from audit.recorded_admin import REASON, RecordedAdmin
from plans.actions import DEFINITION, define_period, redefine_period
from plans.models import PeriodState, Plan, ReportingPeriod


@admin.register(Plan)
class PlanAdmin(RecordedAdmin):
    list_display = ["name", "code", "place", "document_number", "first_year", "last_year", "host", "provenance"]
    search_fields = ["name", "short_name", "code", "document_number"]


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(RecordedAdmin):
    """Periods are defined here by the verbs of their page; one that has been opened is only read here."""

    list_display = ["name", "plan", "kind", "starts_on", "ends_on", "opens_on", "deadline", "state"]
    list_filter = ["plan", "kind", "state"]
    search_fields = ["name", "code", "plan__name"]
    readonly_fields = ["state", "short_notice_reason", "opened_by", "opened_at", "closed_by", "closed_at"]

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        is_fixed = isinstance(obj, ReportingPeriod) and obj.state != PeriodState.PLANNED
        return not is_fixed and bool(super().has_change_permission(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        return found if obj is None else [*found, "plan"]

    def write(self, request: HttpRequest, row: models.Model, change: bool) -> None:
        assert isinstance(row, ReportingPeriod)
        told: dict[str, Any] = {name: getattr(row, name) for name in DEFINITION}
        if change:
            redefine_period(row, by=request.user, reason=request.POST[REASON], **told)  # type: ignore[arg-type]
        else:
            row.pk = define_period(row.plan, by=request.user, reason=request.POST[REASON], **told).pk  # type: ignore[arg-type]
