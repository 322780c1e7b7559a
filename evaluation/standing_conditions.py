"""The conditions that this room computes itself from the plan, its responsibilities and the special round's forms."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from arithmetic.shown import working_days_in_words
from audit.clock import today
from evaluation.conditions import Condition, Finding, Missing, register_condition
from evaluation.models import Evaluation
from evaluation.queries import Assessed, assess
from indicators.models import Indicator
from organisations.models import valid_on
from plans.calendar import working_days_left
from plans.models import PeriodState
from projects.models import MajorProject
from responsibilities.models import Part, Responsibility
from submissions.addresses import address
from submissions.models import State, Submission
from submissions.queries.self_reports import UnitReport, outline_of, reports_of
from tasks.models import KeyTask

KINDS = {
    State.DRAFT: "draft",
    State.AWAITING_HEAD: "draft",
    State.SUBMITTED: "now",
    State.FIRST_REVIEWED: "now",
    State.RETURNED: "back",
    State.REOPENED: "back",
    State.APPROVED: "ok",
    State.RETIRED: "draft",
}


def every_subject_has_a_lead(evaluation: Evaluation) -> Finding:
    """Each indicator still counted, each task and each project has a lead organisation today."""
    plan = evaluation.plan
    subjects: list[tuple[str, str, QuerySet[Indicator] | QuerySet[KeyTask] | QuerySet[MajorProject]]] = [
        ("indicator", "项指标", Indicator.objects.filter(plan=plan, is_counted=True).select_related("plan")),
        ("task", "项重点任务", KeyTask.objects.filter(chapter__plan=plan)),
        ("project", "个重大项目", MajorProject.objects.filter(plan=plan)),
    ]
    counts, missing = [], []
    for field, unit, rows in subjects:
        counts.append(f"{rows.count()} {unit}")
        for row in rows.exclude(Exists(_leads(field))):
            missing.append(Missing(str(row), trace_url(row), "无牵头单位", "error"))
    return Finding("、".join(counts), tuple(missing))


def trace_url(row: Indicator | KeyTask | MajorProject) -> str:
    """Where an indicator's values come from; tasks and projects have no page of their own."""
    if not isinstance(row, Indicator):
        return ""
    return reverse("overview:trace", kwargs={"plan": row.plan.code, "number": row.number})


def _leads(field: str) -> QuerySet[Responsibility]:
    return Responsibility.objects.filter(valid_on(today()), part=Part.LEAD, **{field: OuterRef("pk")})


def the_round_is_open(evaluation: Evaluation) -> Finding:
    """The special round of the case is named and has been opened."""
    if evaluation.round is None:
        return Finding("还没有指定专项填报的报告期", (Missing("专项填报", state="未指定", kind="error"),))
    if evaluation.round.state == PeriodState.PLANNED:
        queue = reverse("submissions:queue", kwargs={"plan": evaluation.plan.code})
        missing = Missing(evaluation.round.name, queue, "未开放", "draft")
        return Finding(f"{evaluation.round.name}还未开放填报", (missing,))
    return Finding(f"{evaluation.round.name}已开放填报")


def every_form_is_approved(evaluation: Evaluation) -> Finding:
    """Each form of the special round is approved; the others stand with state and deadline, most urgent first."""
    forms = (
        Submission.objects.filter(period=evaluation.round)
        .exclude(state=State.RETIRED)
        .select_related("organisation", "period")
        .order_by("deadline", "id")
    )
    rows = list(forms) if evaluation.round is not None else []
    if not rows:
        return Finding("专项填报还没有填报表", (Missing("专项填报", state="未开放", kind="draft"),))
    waiting = sum(row.is_with_group for row in rows)
    approved = sum(row.state == State.APPROVED for row in rows)
    undecided = [row for row in rows if not row.is_with_group and row.state != State.APPROVED]
    back = sum(row.state in (State.RETURNED, State.REOPENED) or row.round > 0 for row in undecided)
    owed = len(undecided) - back
    counts = [f"{len(rows)} 张已通过 {approved} 张"]
    counts += [f"待审 {waiting} 张"] if waiting else []
    counts += [f"退回修改或更正 {back} 张"] if back else []
    counts += [f"未交 {owed} 张"] if owed else []
    return Finding("，".join(counts), tuple(_missing_forms(evaluation, rows)))


def _missing_forms(evaluation: Evaluation, rows: Iterable[Submission]) -> Iterator[Missing]:
    for form in sorted(rows, key=lambda row: row.is_with_group):
        if form.state == State.APPROVED:
            continue
        left = working_days_left(form.due_at)
        overdue = left < 0 and form.has_deadline and not form.is_with_group
        words = working_days_in_words(left) if overdue else form.get_state_display()
        yield Missing(
            form.organisation_name, form_url(evaluation, form), words, "over" if overdue else KINDS[State(form.state)]
        )


def every_self_report_is_approved(evaluation: Evaluation) -> Finding:
    """Each unit's self-report for the special round is approved; met where the plan's outline asks for none."""
    if not outline_of(evaluation.plan).exists():
        return Finding("本规划没有设置自评报告提纲，不要求自评报告")
    rows = reports_of(evaluation.round) if evaluation.round is not None else []
    if not rows:
        return Finding("专项填报还没有填报表", (Missing("专项填报", state="未开放", kind="draft"),))
    open_ones = [row for row in rows if not row.parts or not row.is_approved]
    missing = tuple(_missing_report(row) for row in open_ones)
    return Finding(f"{len(rows)} 个单位的自评报告，已通过 {len(rows) - len(open_ones)} 份", missing)


def _missing_report(row: UnitReport) -> Missing:
    form = row.form
    url = address(form, "self_report")
    if not row.parts:
        return Missing(form.organisation_name, url, "填报表中没有自评报告", "error")
    state = f"{row.lacking_count} 个部分未写" if row.lacking_count else form.get_state_display()
    return Missing(form.organisation_name, url, state, KINDS[State(form.state)])


def form_url(evaluation: Evaluation, form: Submission) -> str:
    """Where a reviewer looks at a form."""
    parts = {
        "plan": evaluation.plan.code,
        "period": form.period.code,
        "organisation": form.organisation.code,
    }
    return reverse("submissions:review", kwargs=parts)


def every_indicator_has_a_value(evaluation: Evaluation) -> Finding:
    """Each indicator that is still counted has a published value up to the cut-off."""
    rows = assess(evaluation)
    counted = [row for row in rows if row.indicator.is_counted]
    missing = [_missing_indicator(row, "暂无已发布值") for row in counted if row.published is None]
    return Finding(f"{len(counted)} 项指标，{len(counted) - len(missing)} 项有已发布值", tuple(missing))


def every_lagging_indicator_is_explained(evaluation: Evaluation) -> Finding:
    """Each indicator that lags has an explanation beside its published value."""
    lagging = [row for row in assess(evaluation) if row.is_lagging]
    missing = [
        _missing_indicator(row, "缺说明") for row in lagging if row.published and not row.published.explanation.strip()
    ]
    return Finding(
        f"{len(lagging)} 项滞后，缺 {len(missing)} 项说明" if missing else f"{len(lagging)} 项滞后", tuple(missing)
    )


def _missing_indicator(row: Assessed, state: str) -> Missing:
    return Missing(row.indicator.name, trace_url(row.indicator), state, "error")


STANDING = (
    Condition("leads_named", "各项指标、任务、项目均有牵头单位", every_subject_has_a_lead),
    Condition("round_opened", "专项填报已开放", the_round_is_open),
    Condition("round_approved", "专项填报表全部通过", every_form_is_approved),
    Condition("self_reports_approved", "各单位自评报告均已通过", every_self_report_is_approved),
    Condition("values_published", "各项指标均有已发布值", every_indicator_has_a_value),
    Condition("lagging_explained", "滞后指标均有说明", every_lagging_indicator_is_explained),
)


def register_standing_conditions() -> None:
    for condition in STANDING:
        register_condition(condition)
