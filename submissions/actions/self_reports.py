"""The outline of the self-report, and asking for it with the special round (自评报告)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from audit.moves import StaleState
from audit.recording import record, recorded
from organisations.models import User
from organisations.permissions import require
from plans.models import PeriodKind, PeriodState, Plan
from submissions.actions.typed import tidy
from submissions.models import ProgressNote, SelfReportSection, State, Submission
from submissions.permissions import can_set_outline
from submissions.queries.self_reports import handed_in, outline_of, written_in

MOST_SECTIONS = 20
LONGEST_TITLE = 100


@dataclass(frozen=True)
class OutlineLine:
    """One section as it shall be; ``number`` says which one it is."""

    number: int
    title: str
    guidance: str = ""
    is_required: bool = True


def set_outline(plan: Plan, *, by: User, sections: Sequence[OutlineLine], reason: str) -> list[SelfReportSection]:
    """Let a plan's self-reports have these sections; forms of the special round that never came in follow at once.

    A section that isn't named any more is asked no longer. Without any section no self-report is asked.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: no reason, a number or title twice, no title, nothing changed, or a section that somebody has
            begun to write would go.
        StaleState: a self-report was handed in already.
    """
    lines = _tidied(sections)
    with recorded(by=by, reason=reason):
        require(can_set_outline, by, plan)
        Plan.objects.select_for_update(of=("self",), no_key=True).get(pk=plan.pk)
        forms = _open_forms(plan)
        if handed_in(plan):
            raise StaleState("已有单位报送了自评报告，提纲不能再改。")
        standing = {row.number: row for row in SelfReportSection.objects.filter(plan=plan)}
        changed = [_write(plan, standing.get(line.number), line) for line in lines]
        wanted = {line.number for line in lines}
        dropped = [row for number, row in standing.items() if row.is_used and number not in wanted]
        if not dropped and not any(changed):
            raise ValidationError("提纲没有变化，不必保存。")
        for row in dropped:
            _drop(row)
        found = list(outline_of(plan))
        ask_for_self_reports(forms, found)
        record("plan.set_self_report_outline", plan, sections=[row.title for row in found])
    return found


def ask_for_self_reports(forms: Sequence[Submission], sections: Sequence[SelfReportSection] | None = None) -> None:
    """Give forms of one special round the sections that they don't have yet; called where a change is open."""
    if not forms or forms[0].period.kind != PeriodKind.SPECIAL:
        return
    asked = list(outline_of(forms[0].period.plan)) if sections is None else sections
    notes = ProgressNote.objects.filter(submission__in=forms, section__in=asked)
    held = set(notes.values_list("submission", "section"))
    ProgressNote.objects.bulk_create(
        ProgressNote(submission=form, section=section)
        for form in forms
        for section in asked
        if (form.pk, section.pk) not in held
    )
    notes.filter(is_owed=False).update(is_owed=True)


def _tidied(sections: Sequence[OutlineLine]) -> list[OutlineLine]:
    lines = [
        OutlineLine(
            each.number, tidy(each.title, "title", LONGEST_TITLE), tidy(each.guidance, "guidance"), each.is_required
        )
        for each in sections
    ]
    if len(lines) > MOST_SECTIONS:
        raise ValidationError(f"提纲最多 {MOST_SECTIONS} 个部分。")
    if any(not line.title for line in lines):
        raise ValidationError("提纲的每个部分都要有标题。")
    if any(not 1 <= line.number <= 999 for line in lines):
        raise ValidationError("序号请填 1 至 999 的整数。")
    if len({line.number for line in lines}) < len(lines) or len({line.title for line in lines}) < len(lines):
        raise ValidationError("提纲中有重复的序号或标题，请核对。")
    return lines


def _write(plan: Plan, standing: SelfReportSection | None, line: OutlineLine) -> bool:
    """Write one section where it differs; tell whether it did."""
    columns = {"title": line.title, "guidance": line.guidance, "is_required": line.is_required, "is_used": True}
    if standing is None:
        SelfReportSection.objects.create(plan=plan, number=line.number, **columns)
        return True
    differing = [name for name, value in columns.items() if getattr(standing, name) != value]
    for name in differing:
        setattr(standing, name, columns[name])
    if differing:
        standing.save(update_fields=differing)
    return bool(differing)


def _drop(section: SelfReportSection) -> None:
    begun = written_in(section)
    if begun:
        raise ValidationError(f"“{section.title}”已有 {begun} 个单位开始填写，不能取消；可以改为选填。")
    ProgressNote.objects.filter(section=section, is_owed=True).update(is_owed=False)
    SelfReportSection.objects.filter(pk=section.pk).update(is_used=False)


def _open_forms(plan: Plan) -> list[Submission]:
    """The forms of open special rounds that never came in, locked."""
    rows = Submission.objects.filter(
        period__plan=plan, period__kind=PeriodKind.SPECIAL, period__state=PeriodState.OPEN, round=0
    ).exclude(state=State.AWAITING_HEAD)
    return list(rows.select_for_update(of=("self",), no_key=True).select_related("period__plan").order_by("pk"))
