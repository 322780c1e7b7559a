"""A person decides otherwise than the rule proposes; both are shown."""

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.recording import record, recorded
from evaluation.models import DecidedAssessment, Evaluation
from evaluation.permissions import can_decide_assessment
from indicators.models import Indicator
from organisations.models import User
from organisations.permissions import require


def decide_assessment(
    evaluation: Evaluation, indicator: Indicator, *, by: User, reason: str, verdict: str = "", outlook: str = ""
) -> DecidedAssessment:
    """Decide one or both judgements of an indicator; an empty one is left to the rule. The last decision counts.

    Raises:
        PermissionDenied: ``by`` is neither a reviewer nor a leader.
        ValidationError: no reason, nothing decided, unknown words, an indicator of another plan.
    """
    require(can_decide_assessment, by, evaluation)
    if indicator.plan_id != evaluation.plan_id:
        raise ValidationError("这项指标不属于本次评估的规划。")
    if not verdict and not outlook:
        raise ValidationError("请至少选择一项判定。")
    with recorded(by=by, reason=reason):
        Evaluation.objects.select_for_update().get(pk=evaluation.pk)
        row = DecidedAssessment.objects.filter(evaluation=evaluation, indicator=indicator, withdrawn_at=None).first()
        row = row or DecidedAssessment(evaluation=evaluation, indicator=indicator)
        row.verdict, row.outlook, row.reason = verdict, outlook, reason.strip()
        row.by, row.at = by, now()
        row.full_clean()
        row.save()
        record("assessment.decide", row, verdict=row.get_verdict_display(), outlook=row.get_outlook_display())
    return row


def withdraw_decision(decided: DecidedAssessment, *, by: User, reason: str) -> None:
    """Let the rule's proposal count again; the decision stays, as withdrawn.

    Raises:
        PermissionDenied: ``by`` is neither a reviewer nor a leader.
        ValidationError: no reason, or it has been withdrawn already.
    """
    require(can_decide_assessment, by, decided.evaluation)
    with recorded(by=by, reason=reason):
        found = DecidedAssessment.objects.select_for_update().get(pk=decided.pk)
        if found.withdrawn_at is not None:
            raise ValidationError("这项人工判定已经撤销。")
        found.withdrawn_by, found.withdrawn_at = by, now()
        found.save(update_fields=["withdrawn_by", "withdrawn_at"])
        record("assessment.withdraw", found)
