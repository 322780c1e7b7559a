"""The verbs of a case; nothing else writes its rows."""

from evaluation.actions.assessment import decide_assessment, withdraw_decision
from evaluation.actions.case import change_case, create_evaluation, leave_group, name_group
from evaluation.actions.stages import advance_stage, advance_stage_despite, pass_over_condition, send_back_stage

__all__ = [
    "advance_stage",
    "advance_stage_despite",
    "change_case",
    "create_evaluation",
    "decide_assessment",
    "leave_group",
    "name_group",
    "pass_over_condition",
    "send_back_stage",
    "withdraw_decision",
]
