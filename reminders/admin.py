"""Notices are read here, those in doubt found; of a schedule only on and off is chosen."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django_celery_beat.models import PeriodicTask

from audit.recorded_admin import ReadOnlyAdmin, RecordedAdmin
from reminders.models import Notice
from reminders.queries import NoticeQuerySet


class DeliveryFilter(admin.SimpleListFilter):
    """Which notices arrived, which are waiting, and of which nobody knows."""

    title = "送达情况"
    parameter_name = "delivery"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("sent", "已送达"), ("waiting", "等待发送"), ("in_doubt", "发送结果不明")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Notice]) -> models.QuerySet[Notice]:
        match self.value():
            case "sent":
                return queryset.filter(sent_at__isnull=False)
            case "waiting":
                return queryset.filter(sent_at=None, claimed_at=None)
            case "in_doubt" if isinstance(queryset, NoticeQuerySet):
                return queryset.in_doubt()
        return queryset


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ["subject", "recipient", "channel", "rule", "created_at", "sent_at", "attempts", "failed_because"]
    list_filter = [DeliveryFilter, "channel", "rule", "plan"]
    search_fields = ["subject", "recipient__name", "recipient__username"]


@admin.register(PeriodicTask)
class ScheduleAdmin(RecordedAdmin):
    """The schedules come from a data file; what is chosen here is whether each runs."""

    list_display = ["name", "enabled", "crontab", "description", "last_run_at", "total_run_count"]
    search_fields = ["name", "description"]
    fields = ["name", "description", "crontab", "task", "last_run_at", "total_run_count", "enabled"]
    readonly_fields = ["name", "description", "crontab", "task", "last_run_at", "total_run_count"]

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[PeriodicTask]:
        found: models.QuerySet[PeriodicTask] = super().get_queryset(request).exclude(name__startswith="celery.")
        return found
