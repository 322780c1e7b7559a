"""A case is read here, and its stages run by the verbs of its page."""

from django.contrib import admin

from audit.recorded_admin import ReadOnlyAdmin, offered
from evaluation.actions import advance_stage, advance_stage_despite, send_back_stage
from evaluation.models import DecidedAssessment, Evaluation, GroupMember, PassedOver, Stage


@admin.register(Evaluation)
class EvaluationAdmin(ReadOnlyAdmin):
    list_display = ["name", "code", "plan", "kind", "cut_off", "outlook_until", "round"]
    list_filter = ["plan", "kind"]
    search_fields = ["name", "code", "plan__name"]


@admin.register(Stage)
class StageAdmin(ReadOnlyAdmin):
    list_display = ["title", "evaluation", "number", "state", "starts_on", "ends_on", "begun_at", "finished_at"]
    list_filter = ["evaluation", "state"]
    search_fields = ["title", "evaluation__name"]
    actions = [
        offered(advance_stage, "转入下一阶段"),
        offered(advance_stage_despite, "越过未满足的条件并转入下一阶段", asks_reason=True),
        offered(send_back_stage, "退回上一阶段", asks_reason=True),
    ]


@admin.register(GroupMember)
class GroupMemberAdmin(ReadOnlyAdmin):
    list_display = ["user", "evaluation", "part", "task"]
    list_filter = ["evaluation", "part"]
    search_fields = ["user__name", "task", "evaluation__name"]


@admin.register(PassedOver)
class PassedOverAdmin(ReadOnlyAdmin):
    list_display = ["stage", "condition", "reason", "by", "at", "voided_at"]
    list_filter = ["stage__evaluation"]
    search_fields = ["condition", "reason", "by__name"]


@admin.register(DecidedAssessment)
class DecidedAssessmentAdmin(ReadOnlyAdmin):
    list_display = ["indicator", "evaluation", "verdict", "outlook", "reason", "by", "at", "withdrawn_at"]
    list_filter = ["evaluation", "verdict", "outlook"]
    search_fields = ["indicator__name", "reason", "by__name"]
