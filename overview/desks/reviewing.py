"""The reviewer's desk: what waits for a decision, what is odd, who hasn't filed, which corrections are asked for."""

from collections.abc import Sequence

from django.urls import reverse

from arithmetic.shown import working_days_in_words
from audit.clock import today
from organisations.contact import masked_phone
from organisations.models import User
from overview.desks.parts import Duty, Line, Panel, Part, When, form_name, since
from overview.desks.reporting import form_address, moment_in_words, next_in_words
from overview.queries.forms import filled_in, oddities_of
from overview.templatetags.showing import as_due
from plans.calendar import working_days_left
from plans.models import PeriodState, Plan, ReportingPeriod
from submissions.checks import Finding
from submissions.models import Correction, CorrectionState, State, Submission
from submissions.queries.stamped import due_in_words, lacking_stamp

ODDITIES_SHOWN = 3
_KINDS = {State.DRAFT: "draft", State.AWAITING_HEAD: "now", State.RETURNED: "back", State.REOPENED: "fix"}


def reviewers_part(user: User, plan: Plan) -> Part:
    forms = list(
        Submission.objects.waiting_for_review(user, plan).select_related(
            "period__plan", "organisation", "submitted_by", "first_reviewed_by"
        )
    )
    filled, odd = filled_in(forms), oddities_of(forms)
    reviews = [_review(form, filled[form.pk].owed, odd[form.pk]) for form in forms]
    corrections = [_correction(each) for each in _asked(plan)]
    openings = [_opening(plan, period) for period in _to_open(plan)]
    owing = _owing(plan)
    late = sum(is_late(form) for form in owing)
    duties = (*corrections, *reviews, *openings)
    return Part(
        _answer(len(forms), len(corrections), len(owing), late),
        duties,
        calm="" if duties else "没有待审的填报表，也没有待答复的更正申请。",
        facts=() if duties else (("下一次", next_in_words(plan)),),
        more=reverse("submissions:queue", args=[plan.code]),
        panels=(_who_has_not_filed(owing), *_who_has_not_stamped(plan)),
    )


def _answer(waiting: int, corrections: int, owing: int, late: int) -> str:
    parts = [f"{waiting} 张填报表待审" if waiting else "没有待审的填报表"]
    parts += [f"{corrections} 份更正申请待答复"] if corrections else []
    parts += [f"{owing} 张未报" + (f"（{late} 张逾期）" if late else "")] if owing else []
    return "，".join(parts)


def _review(form: Submission, owed: int, odd: Sequence[Finding]) -> Duty:
    assert form.submitted_at is not None
    who = form.submitted_by.name if form.submitted_by is not None else "填报人"
    again = f"第 {form.round} 次提交，" if form.round > 1 else ""
    lines = [f"{who} {moment_in_words(form.submitted_at)} 提交，{again}共 {owed} 项。{_passed_by(form)}"]
    lines += [f"疑点 {len(odd)} 处：" + "；".join(_odd_in_words(each) for each in odd[:ODDITIES_SHOWN]) + _more(odd)]
    return Duty(
        when=When(since(form.submitted_at), f"报送时限 {as_due(form.deadline)}"),
        title=f"{form.organisation_name}　{form.period.name}",
        state=form.get_state_display(),
        kind="sent",
        lines=tuple(lines) if odd else (lines[0], "没有发现疑点。"),
        button=form.review_step.label,
        url=form_address(form, "submissions:review"),
    )


def _passed_by(form: Submission) -> str:
    if form.first_reviewed_by is None or form.first_reviewed_at is None:
        return ""
    return f"{form.first_reviewed_by.name} {moment_in_words(form.first_reviewed_at)} 初审通过。"


def _odd_in_words(finding: Finding) -> str:
    return f"{finding.label}，{finding.title}"


def _more(odd: Sequence[Finding]) -> str:
    return "。" if len(odd) <= ODDITIES_SHOWN else "……"


def _asked(plan: Plan) -> list[Correction]:
    rows = Correction.objects.filter(submission__period__plan=plan, state=CorrectionState.ASKED)
    related = ("submission__period__plan", "submission__organisation", "asked_by")
    return list(rows.select_related(*related).order_by("asked_at"))


def _correction(correction: Correction) -> Duty:
    form = correction.submission
    applicant = correction.asked_by.name if correction.asked_by is not None else "专项小组"
    return Duty(
        when=When(since(correction.asked_at).replace("提交", "申请"), f"{moment_in_words(correction.asked_at)} 申请"),
        title=f"{form.organisation_name}　{form.period.name}　申请更正 {len(correction.figures)} 项",
        state="更正申请",
        kind="fix",
        lines=(f"理由：{correction.reason}", f"申请人 {applicant}。答复之前，已发布的数不变。"),
        button="答复更正申请",
        url=form_address(form, "submissions:review"),
    )


def _to_open(plan: Plan) -> list[ReportingPeriod]:
    rows = ReportingPeriod.objects.filter(plan=plan, state=PeriodState.PLANNED, opens_on__lte=today())
    return list(rows.order_by("opens_on"))


def _opening(plan: Plan, period: ReportingPeriod) -> Duty:
    return Duty(
        when=When("应开放填报", f"计划 {period.opens_on.month}月{period.opens_on.day}日开放"),
        title=form_name(period),
        state="未开放",
        kind="draft",
        lines=("开放后按当日有效的责任分解生成各单位的填报表，并通知填报人。",),
        button="去开放",
        url=reverse("submissions:open_period", args=[plan.code, period.code]),
    )


def _owing(plan: Plan) -> list[Submission]:
    rows = Submission.objects.filter(period__plan=plan, period__state=PeriodState.OPEN, state__in=list(_KINDS))
    related = ("period__plan", "organisation", "reporter")
    return list(rows.select_related(*related).order_by("deadline", "organisation__position"))


def _who_has_not_filed(owing: Sequence[Submission]) -> Panel:
    lines = tuple(_owed_line(form) for form in owing)
    return Panel("谁还没报", lines, note="按报送时限排列", empty="各单位都已报送。")


def _who_has_not_stamped(plan: Plan) -> tuple[Panel, ...]:
    """The forms that came in and owe their stamped paper; nothing where none does."""
    lines = tuple(
        Line(
            f"{form.organisation_name}　{form.period.name}",
            form_address(form, "submissions:stamp"),
            aside=due_in_words(form.stamp_by),
        )
        for form in lacking_stamp().filter(period__plan=plan)
        if form.stamp_by is not None
    )
    return (Panel("待补交盖章件", lines, note="按补交期限排列"),) if lines else ()


def is_late(form: Submission) -> bool:
    """Past its deadline; a form that was opened again for a correction has one of its own."""
    return form.has_deadline and working_days_left(form.due_at) < 0


def _owed_line(form: Submission) -> Line:
    left = working_days_left(form.due_at)
    who = form.reporter.name if form.reporter is not None else form.organisation.contact
    person = " ".join(part for part in (who, masked_phone(form.organisation.contact_phone)) if part)
    return Line(
        f"{form.organisation_name}　{form_name(form.period)}",
        url=form_address(form, "submissions:review"),
        rest=person,
        rest_url=reverse("organisation_contact", args=[form.organisation_id])
        if form.organisation.contact_phone
        else "",
        aside=working_days_in_words(left) if form.has_deadline else "",
        state=form.get_state_display(),
        kind="over" if is_late(form) else _KINDS[State(form.state)],
    )
