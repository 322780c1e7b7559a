"""The leader's desk: what lags, why, and what is mine to decide. The auditor's: one search box."""

from django.urls import reverse

from arithmetic.goal import Verdict
from arithmetic.shown import day_in_words
from audit.clock import today
from evaluation.models import Evaluation
from evaluation.queries.case import conditions_of, where_it_stands
from evaluation.templatetags.judgements import verdict_kind
from organisations.models import User
from overview.desks.parts import Duty, Line, Panel, Part, When
from overview.queries.board import Shown, assessed_on, mattering, shown
from plans.models import Plan


def leaders_part(user: User, plan: Plan) -> Part:
    evaluation = Evaluation.objects.filter(plan=plan).select_related("plan", "round").first()
    until = evaluation.cut_off if evaluation is not None else today()
    rows = shown(assessed_on(plan, evaluation, until), plan, today())
    duties = tuple(_conditions(evaluation)) if evaluation is not None else ()
    address = f"{reverse('overview:overview', args=[plan.code])}?until={until.isoformat()}"
    lagging = mattering(rows)
    decisions = [row for row in lagging if row.is_for_the_leader]
    return Part(
        _answer(rows, len(duties) + len(decisions)),
        duties,
        calm="" if duties or decisions else "目前没有等你决定的事。",
        promise="" if duties or decisions else "需要你签批或决定的，会出现在这里，并发通知给你。",
        links=(("看总览", address),),
        panels=(
            *([_to_decide(decisions, address)] if decisions else []),
            Panel(
                "最需要关注的指标",
                tuple(_lagging(row, plan, until.isoformat()) for row in lagging),
                note=f"数据截至 {day_in_words(until)}，只含已发布值",
                empty="没有滞后的指标。",
            ),
        ),
    )


def _answer(rows: list[Shown], duties: int) -> str:
    lagging = [row for row in rows if row.assessed.is_lagging]
    badly = sum(row.assessed.verdict is Verdict.BADLY_LAGGING for row in lagging)
    if not any(row.assessed.published for row in rows):
        told = "还没有已发布值"
    elif not lagging:
        told = f"{len(rows)} 项指标中没有滞后的"
    else:
        told = f"{len(rows)} 项指标中 {len(lagging)} 项滞后" + (f"，其中 {badly} 项严重滞后" if badly else "")
    return f"{told}；{duties} 件事等你定" if duties else told


def _conditions(evaluation: Evaluation) -> list[Duty]:
    """The unmet conditions of the stage that the case is in: a leader may pass over them, with a reason."""
    stage = where_it_stands(evaluation)
    if stage is None:
        return []
    url = reverse("evaluation:case", args=[evaluation.plan.code, evaluation.code])
    return [
        Duty(
            when=When(
                stage.title,
                f"计划 {stage.ends_on.month}月{stage.ends_on.day}日前转段" if stage.ends_on else "转段条件",
            ),
            title=checked.condition.title,
            state="未满足",
            kind="warn",
            lines=(checked.finding.summary, "确需先行的，由你写明理由后越过；理由长期保留。"),
            button="查看并决定",
            url=url,
        )
        for checked in conditions_of(stage)
        if checked.blocks
    ]


def _lagging(row: Shown, plan: Plan, until: str) -> Line:
    assessed = row.assessed
    return Line(
        assessed.indicator.full_name,
        url=f"{reverse('overview:trace', args=[plan.code, assessed.number])}?until={until}",
        rest=f"{row.value}　{assessed.sentence}{f'原因：{row.cause[:80]}' if row.cause else '还没有说明原因。'}",
        state=assessed.verdict.words,
        kind=verdict_kind(assessed.verdict),
    )


def _to_decide(rows: list[Shown], address: str) -> Panel:
    lines = tuple(Line(row.assessed.indicator.full_name, url=address, rest=row.to_do) for row in rows)
    return Panel("请你定", lines, note="严重滞后、预计难完成，单位已说明原因")


def auditors_part(user: User, plan: Plan) -> Part:
    address = reverse("overview:audit", args=[plan.code])
    return Part(
        "要查什么记录？",
        search=address,
        links=(("看总览", reverse("overview:overview", args=[plan.code])), ("查当日角色", reverse("roles_of_a_day"))),
        promise="例如“退回 2023-05-24”；只能查看。",
    )
