"""Tuning the rules of the checks, answering what they found, and keeping it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.recording import record, recorded
from indicators.models import Indicator
from organisations.models import User
from organisations.permissions import require
from plans.models import Plan
from submissions.actions.cells import locked_cell
from submissions.actions.typed import tidy
from submissions.checks import Finding, findings_of, oddities_in
from submissions.checks.rule import Rule
from submissions.checks.rules import BY_CODE
from submissions.models import CheckFinding, CheckSetting, Figure, Severity, Submission
from submissions.permissions import can_tune_checks
from submissions.queries.previous import figures_of

LARGEST = Decimal(10) ** 12


def tune_check(
    plan: Plan,
    rule: str,
    *,
    by: User,
    reason: str,
    indicator: Indicator | None = None,
    severity: str = "",
    parameters: Mapping[str, str] | None = None,
) -> CheckSetting:
    """Set how strict a rule is in a plan, or for one of its indicators: off, hint, warning or error, and its numbers.

    What is left empty is as the plan has it, or the rule by default. Findings of forms that are handed in already stay
    as they were kept; pages show at once what holds now.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        ValidationError: no such rule, severity or parameter, no number, another plan's indicator, or no reason.
    """
    known = BY_CODE.get(rule)
    if known is None:
        raise ValidationError("没有这条校核规则，请刷新后重试。")
    with recorded(by=by, reason=reason):
        require(can_tune_checks, by, plan)
        if indicator is not None and indicator.plan_id != plan.pk:
            raise ValidationError("这项指标不属于本规划。")
        if severity and severity not in Severity.values:
            raise ValidationError({"severity": "没有这个程度，请重新选择。"})
        setting, _ = CheckSetting.objects.select_for_update().update_or_create(
            plan=plan,
            rule=rule,
            indicator=indicator,
            defaults={
                "severity": severity,
                "parameters": _numbers(known, parameters or {}),
                "reason": tidy(reason, "reason"),
                "tuned_by": by,
                "tuned_at": now(),
            },
        )
        record("check.tune", setting, rule=known.title, severity=setting.get_severity_display())
    return setting


def _numbers(rule: Rule, parameters: Mapping[str, str]) -> dict[str, str]:
    found = {}
    for name, text in parameters.items():
        if name not in rule.parameters:
            raise ValidationError("没有这个参数，请刷新后重试。")
        text = text.strip()
        if not text:
            continue
        label = rule.parameters[name].label
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValidationError({name: f"“{text[:20]}”不是一个数。“{label}”请填数字；照旧的，留空。"}) from None
        if not value.is_finite() or abs(value) > LARGEST:
            raise ValidationError({name: f"“{label}”的“{text[:20]}”太大，或不是确定的数。请填数字。"})
        found[name] = f"{value:f}"
    return found


def explain_finding(figure: Figure, *, by: User, rule: str, reason: str) -> CheckFinding:
    """Answer what a rule found in the cell's value, once: as long as the value stays, it isn't asked again.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        ValidationError: no reason, or the rule finds nothing (any more), or asks for another value.
        StaleState: the form or the cell isn't open for editing.
    """
    with recorded(by=by, reason="说明疑点"):
        locked_cell(figure, by)
        text = tidy(reason, "reason")
        if not text:
            raise ValidationError({"reason": "请写明原因。"})
        (cell,) = [each for each in figures_of(figure.submission) if each.pk == figure.pk]
        found = [finding for finding in findings_of([cell]) if finding.kind == rule]
        if not found:
            raise ValidationError("这一疑点已不存在，可能数据刚刚修改过。请刷新后查看。")
        if found[0].blocks:
            raise ValidationError("这一项须改正数据，不能只作说明。")
        known = CheckFinding.objects.filter(figure=figure, rule=rule, fingerprint=found[0].fingerprint)
        row = known.first() or CheckFinding(stands=False, found_at=now())
        _write([_kept(found[0], row, text, by, now())])
        answered = known.get()
        record("figure.explain", cell, finding=found[0].title, reason=text)
    return answered


def keep_findings(submission: Submission) -> None:
    """Keep what the rules find in the form as it goes out, with the answers; what doesn't hold any more stands no longer.

    Within the caller's change; three statements beside the reading, however many cells.
    """
    known = {
        (row.figure_id, row.rule, row.fingerprint): row
        for row in CheckFinding.objects.filter(figure__submission=submission)
    }
    standing = []
    for finding in oddities_in(submission):
        figure = finding.figure
        assert figure is not None
        row = known.pop((figure.pk, finding.kind, finding.fingerprint), CheckFinding(found_at=now()))
        row.stands = True
        standing.append(_kept(finding, row, finding.reason, figure.saved_by, figure.saved_at))
    fallen = [row.pk for row in known.values() if row.stands]
    CheckFinding.objects.filter(pk__in=fallen).update(stands=False)
    _write(standing)


def _kept(finding: Finding, row: CheckFinding, reason: str, by: User | None, at: datetime | None) -> CheckFinding:
    """The row as it is to be kept: an answer that was given stays with whoever gave it."""
    assert finding.figure is not None
    row.figure, row.rule, row.fingerprint = finding.figure, finding.kind, finding.fingerprint
    row.severity, row.title, row.message = finding.severity, finding.title, finding.message
    if reason and row.reason != reason:
        row.reason, row.explained_by, row.explained_at = reason, by, at or now()
    return row


def _write(rows: Sequence[CheckFinding]) -> None:
    told = ["severity", "title", "message", "stands", "reason", "explained_by", "explained_at"]
    CheckFinding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["figure", "rule", "fingerprint"], update_fields=told
    )
