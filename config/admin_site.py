"""The administration site: whose it is, what it lists in which order, and what may be registered with it."""

from typing import Any

from django.contrib.admin import AdminSite as DjangoAdminSite
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern

from audit.recorded_admin import RecordedAdmin

# The front page, as a system administrator thinks; every registered model stands in exactly one group.
GROUPS: dict[str, list[str]] = {
    "单位和人员": [
        "organisations.Organisation",
        "organisations.User",
        "organisations.RoleGrant",
        "organisations.Handover",
    ],
    "规划": [
        "plans.Plan",
        "indicators.IndicatorCategory",
        "indicators.Indicator",
        "indicators.IndicatorPart",
        "indicators.AnnualTarget",
        "indicators.DocumentedValue",
        "tasks.TaskChapter",
        "tasks.KeyTask",
        "projects.MajorProject",
        "projects.Milestone",
        "responsibilities.Responsibility",
    ],
    "报告期和填报": [
        "plans.ReportingPeriod",
        "submissions.Submission",
        "submissions.Figure",
        "submissions.ProgressNote",
        "submissions.SelfReportSection",
        "submissions.Evidence",
        "submissions.Review",
        "submissions.Remark",
        "submissions.Reply",
        "submissions.PublishedValue",
        "submissions.Correction",
        "submissions.RequestedValue",
        "submissions.CheckFinding",
        "submissions.LevelSetting",
        "submissions.CheckSetting",
        "submissions.SourceCheck",
        "submissions.Extension",
        "submissions.ProposedValue",
        "submissions.Assignment",
        "submissions.Look",
        "submissions.StampedScan",
        "submissions.UploadedWorkbook",
        "submissions.SummaryTemplate",
        "files.StoredFile",
        "background.BackgroundJob",
    ],
    "评估和报告": [
        "evaluation.Evaluation",
        "evaluation.GroupMember",
        "evaluation.Stage",
        "evaluation.PassedOver",
        "evaluation.DecidedAssessment",
        "reports.Section",
        "reports.Quotation",
    ],
    "提醒和定时任务": ["reminders.Notice", "django_celery_beat.PeriodicTask"],
    "历史和登录记录": [
        "audit.Change",
        "audit.Entry",
        "axes.AccessLog",
        "axes.AccessAttempt",
        "axes.AccessFailureLog",
    ],
}
# Signing in and out and passwords have pages of their own, outside of the administration.
NOT_SERVED = {"login", "logout", "password_change", "password_change_done"}


class AdminSite(DjangoAdminSite):
    site_header = site_title = "规划中期评估系统 后台管理"
    index_title = "后台管理"
    empty_value_display = "—"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register pages built on our base; a library's own pages, which write without a reason, are left out."""
        if admin_class is not None and issubclass(admin_class, RecordedAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        return [each for each in super().get_urls() if not (isinstance(each, URLPattern) and each.name in NOT_SERVED)]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Lead a visitor to the sign-in page; to a person without a role here, there is nothing."""
        inner = super().admin_view(view, cacheable)

        def guarded(request: HttpRequest, *parts: Any, **named: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not self.has_permission(request):
                raise Http404
            return inner(request, *parts, **named)  # type: ignore[no-any-return]

        return guarded

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        if app_label is not None:
            return super().get_app_list(request, app_label)
        rooms = self._build_app_dict(request)
        models = {each["model"]._meta.label: each for room in rooms.values() for each in room["models"]}
        groups = [(title, [models[label] for label in labels if label in models]) for title, labels in GROUPS.items()]
        return [
            {"name": title, "app_label": f"group-{number}", "app_url": "", "has_module_perms": True, "models": shown}
            for number, (title, shown) in enumerate(groups)
            if shown
        ]
