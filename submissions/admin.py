"""Forms and what they hold are read here; only their verbs write."""

from django.contrib import admin

from audit.recorded_admin import ReadOnlyAdmin, offered
from indicators.admin import NumbersAdmin
from organisations.models import User
from plans.models import ReportingPeriod
from submissions import actions
from submissions.models import (
    Assignment,
    CheckFinding,
    CheckSetting,
    Correction,
    Evidence,
    Extension,
    Figure,
    LevelSetting,
    Look,
    ProgressNote,
    ProposedValue,
    PublishedValue,
    Remark,
    Reply,
    RequestedValue,
    Review,
    SelfReportSection,
    SourceCheck,
    StampedScan,
    Submission,
    SummaryTemplate,
    UploadedWorkbook,
)


def approve(submission: Submission, *, by: User) -> Review:
    """Approve what stands submitted as the list is read; returning has its reasons, and is done on the form's page."""
    return actions.approve(submission, by=by, round=submission.round)


def pass_first_review(submission: Submission, *, by: User) -> Review:
    """Pass what stands submitted as the list is read on to its final review, where the form has two levels."""
    return actions.pass_first_review(submission, by=by, round=submission.round)


def refuse_correction(correction: Correction, *, by: User, reason: str) -> Correction:
    return actions.refuse_correction(correction, by=by, answer=reason)


def refuse_extension(extension: Extension, *, by: User, reason: str) -> Extension:
    return actions.refuse_extension(extension, by=by, answer=reason)


class UnpublishedAdmin(ReadOnlyAdmin):
    """Pages that show what isn't published yet; who opens them is recorded."""

    event_of_reading = "data.view"


@admin.register(Submission)
class SubmissionAdmin(UnpublishedAdmin):
    list_display = ["organisation_name", "period", "state", "deadline", "round", "submitted_by", "decided_by"]
    list_filter = ["period__plan", "state", "period"]
    search_fields = ["organisation_name", "organisation__name", "period__name"]
    actions = [
        offered(pass_first_review, "初审通过，送终审"),
        offered(approve, "审核通过并发布"),
        offered(actions.withdraw_approval, "撤销通过", asks_reason=True),
    ]


@admin.register(Figure)
class FigureAdmin(NumbersAdmin, UnpublishedAdmin):
    list_display = ["indicator", "organisation", "period", "state", "answer", "value", "as_of", "saved_by", "saved_at"]
    list_filter = ["period__plan", "state", "answer", "provenance"]
    search_fields = ["indicator__name", "organisation__name", "period__name"]


@admin.register(ProgressNote)
class ProgressNoteAdmin(UnpublishedAdmin):
    list_display = ["submission", "task", "project", "section", "state", "is_published", "saved_by", "saved_at"]
    list_filter = ["submission__period__plan", "state", "is_published"]
    search_fields = ["task__title", "project__name", "submission__organisation_name"]


@admin.register(SelfReportSection)
class SelfReportSectionAdmin(ReadOnlyAdmin):
    list_display = ["plan", "number", "title", "is_required", "is_used"]
    list_filter = ["plan", "is_used"]
    search_fields = ["title", "guidance"]


@admin.register(Evidence)
class EvidenceAdmin(UnpublishedAdmin):
    list_display = ["file", "figure", "note", "correction", "added_by", "added_at", "removed_at"]
    search_fields = ["file__name", "figure__indicator__name"]


@admin.register(Review)
class ReviewAdmin(UnpublishedAdmin):
    list_display = ["submission", "round", "step", "decision", "by", "at"]
    list_filter = ["decision", "at"]
    search_fields = ["submission__organisation_name", "by__name", "comment"]


@admin.register(Remark)
class RemarkAdmin(UnpublishedAdmin):
    list_display = ["figure", "text", "reported", "review"]
    search_fields = ["text", "figure__indicator__name"]


@admin.register(Reply)
class ReplyAdmin(UnpublishedAdmin):
    list_display = ["figure", "note", "text", "reported", "by", "at"]
    search_fields = ["text", "figure__indicator__name"]


@admin.register(PublishedValue)
class PublishedValueAdmin(NumbersAdmin, ReadOnlyAdmin):
    list_display = ["indicator", "organisation", "period", "sequence", "stage", "value", "as_of", "published_at"]
    list_filter = ["indicator__plan", "stage"]
    search_fields = ["indicator__name", "organisation__name", "period__name"]


@admin.register(Correction)
class CorrectionAdmin(UnpublishedAdmin):
    list_display = ["submission", "state", "asked_by", "asked_at", "decided_by", "decided_at"]
    list_filter = ["state"]
    search_fields = ["submission__organisation_name", "reason"]
    actions = [
        offered(actions.agree_to_correction, "同意更正"),
        offered(refuse_correction, "不同意更正", asks_reason=True),
    ]


@admin.register(Extension)
class ExtensionAdmin(UnpublishedAdmin):
    list_display = ["submission", "state", "until", "deadline", "asked_by", "asked_at", "decided_by", "decided_at"]
    list_filter = ["state"]
    search_fields = ["submission__organisation_name", "reason"]
    actions = [
        offered(actions.grant_extension, "同意延期"),
        offered(refuse_extension, "不同意延期", asks_reason=True),
    ]


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["plan", "reviewer", "organisation", "indicator", "assigned_by", "assigned_at", "ended_at"]
    list_filter = ["plan", "reviewer"]
    search_fields = ["reviewer__name", "organisation__name", "indicator__name"]
    actions = [offered(actions.end_assignment, "结束分工")]


@admin.register(Look)
class LookAdmin(ReadOnlyAdmin):
    list_display = ["submission", "person", "at"]
    search_fields = ["submission__organisation_name", "person__name"]


@admin.register(UploadedWorkbook)
class UploadedWorkbookAdmin(UnpublishedAdmin):
    list_display = ["submission", "file", "uploaded_by", "uploaded_at"]
    list_filter = ["submission__period"]
    search_fields = ["submission__organisation_name", "file__name", "uploaded_by__name"]


@admin.register(SummaryTemplate)
class SummaryTemplateAdmin(ReadOnlyAdmin):
    list_display = ["name", "plan", "file", "is_mapped", "is_active", "uploaded_by", "uploaded_at"]
    list_filter = ["plan", "is_active"]
    search_fields = ["name", "file__name"]


@admin.register(CheckFinding)
class CheckFindingAdmin(UnpublishedAdmin):
    list_display = ["figure", "title", "severity", "stands", "reason", "explained_by", "found_at"]
    list_filter = ["rule", "severity", "stands"]
    search_fields = ["figure__indicator__name", "figure__organisation__name", "message", "reason"]


@admin.register(SourceCheck)
class SourceCheckAdmin(NumbersAdmin, UnpublishedAdmin):
    list_display = ["figure", "organisation", "agrees", "value", "remark", "checked_by", "checked_at"]
    list_filter = ["organisation", "agrees"]
    search_fields = ["figure__indicator__name", "organisation__name", "remark"]


@admin.register(ProposedValue)
class ProposedValueAdmin(NumbersAdmin, UnpublishedAdmin):
    list_display = ["figure", "state", "answer", "text", "proposed_by", "proposed_at", "decided_by", "decided_at"]
    list_filter = ["state", "figure__period"]
    search_fields = ["figure__indicator__name", "figure__organisation__name"]


@admin.register(RequestedValue)
class RequestedValueAdmin(NumbersAdmin, UnpublishedAdmin):
    list_display = ["figure", "value", "value_printed", "as_of", "correction"]
    list_select_related = ["figure__indicator", "figure__period", "correction__submission__period"]
    search_fields = ["figure__indicator__name", "figure__organisation__name"]


@admin.register(CheckSetting)
class CheckSettingAdmin(ReadOnlyAdmin):
    list_display = ["plan", "rule", "indicator", "severity", "reason", "tuned_by", "tuned_at"]
    list_filter = ["plan", "rule", "severity"]
    search_fields = ["indicator__name", "reason"]


@admin.register(LevelSetting)
class LevelSettingAdmin(ReadOnlyAdmin):
    list_display = [
        "plan",
        "organisation",
        "in_unit",
        "in_group",
        "stamped",
        "stamp_days",
        "reason",
        "set_by",
        "set_at",
    ]
    list_filter = ["plan"]
    search_fields = ["organisation__name", "reason"]


@admin.register(StampedScan)
class StampedScanAdmin(UnpublishedAdmin):
    list_display = ["submission", "version_code", "file", "uploaded_by", "uploaded_at"]
    list_filter = ["submission__period"]
    search_fields = ["submission__organisation_name", "version_code", "file__name"]


# what this room adds to the list of an earlier one
admin.site.get_model_admin(ReportingPeriod).actions = [
    offered(actions.open_period, "开放填报", asks_reason=True),
    offered(actions.close_period, "关闭填报", asks_reason=True),
]
