"""Setting up a case, changing its dates and its round, and its working group."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.core.exceptions import ValidationError

from audit.clock import now, today
from audit.moves import StaleState, move
from audit.recording import record, recorded
from evaluation.models import Evaluation, EvaluationKind, GroupMember, Stage, StageState
from evaluation.permissions import can_change_case, can_create_evaluation
from evaluation.stages import THREE_STAGES, StageOutline
from organisations.models import User
from organisations.permissions import require
from plans.models import Plan, ReportingPeriod


def create_evaluation(
    plan: Plan,
    *,
    by: User,
    code: str,
    name: str,
    kind: EvaluationKind,
    cut_off: date,
    outlook_until: date | None = None,
    round: ReportingPeriod | None = None,
    stages: Sequence[StageOutline] = THREE_STAGES,
    dates: Sequence[tuple[date | None, date | None]] = (),
) -> Evaluation:
    """Set up a case with its stages and begin the first; ``dates`` are each stage's planned first and last day.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: a taken code, dates in the wrong order, another plan's round, no stage.
    """
    require(can_create_evaluation, by)
    if not stages:
        raise ValidationError("评估至少要有一个阶段。")
    _require_own_round(plan, round)
    evaluation = Evaluation(
        plan=plan,
        code=code,
        name=name,
        kind=kind,
        cut_off=cut_off,
        outlook_until=outlook_until or cut_off,
        round=round,
    )
    with recorded(by=by, reason="建立评估"):
        evaluation.full_clean()
        evaluation.save()
        record("evaluation.create", evaluation)
        for position, outline in enumerate(stages):
            starts_on, ends_on = dates[position] if position < len(dates) else (None, None)
            _require_in_order(outline.title, starts_on, ends_on)
            Stage.objects.create(
                evaluation=evaluation,
                number=position + 1,
                title=outline.title,
                conditions=list(outline.conditions),
                starts_on=starts_on,
                ends_on=ends_on,
            )
        move(evaluation.stages.get(number=1), "begin", stamp={"begun_at": now()})
    return evaluation


def change_case(
    evaluation: Evaluation,
    *,
    by: User,
    reason: str,
    cut_off: date,
    outlook_until: date | None,
    round: ReportingPeriod | None,
    days: Mapping[int, tuple[date | None, date | None]] | None = None,
) -> Evaluation:
    """Change a case's dates, its special round, or when its stages are planned (``days`` by stage number).

    The overview, the judgements and the report read the case, and follow at once; conditions are computed anew.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: no reason, nothing changed, dates in the wrong order, another plan's round.
        StaleState: the case is finished; its last stage has to be taken up again first.
    """
    with recorded(by=by, reason=reason):
        locked = (
            Evaluation.objects.select_for_update(of=("self",)).select_related("plan", "round").get(pk=evaluation.pk)
        )
        require(can_change_case, by, locked)
        stages = list(locked.stages.all())
        if stages and all(stage.state == StageState.DONE for stage in stages):
            raise StaleState("评估的各阶段都已完成，不能变更。确需变更的，先重新进行最后一个阶段。")
        _require_own_round(locked.plan, round)
        told = {"cut_off": cut_off, "outlook_until": outlook_until or cut_off, "round": round}
        before = {name: getattr(locked, name) for name in told}
        changed = {
            name: [str(before[name] or ""), str(value or "")] for name, value in told.items() if value != before[name]
        }
        for name, value in told.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save(update_fields=[*told])
        changed |= _plan_stages(stages, days or {})
        if not changed:
            raise ValidationError("没有要变更的内容。")
        record("evaluation.change", locked, changed=changed)
    return locked


def _plan_stages(stages: Iterable[Stage], days: Mapping[int, tuple[date | None, date | None]]) -> dict[str, list[str]]:
    """Plan the named stages' days; return what changed, by the stage's title."""
    changed = {}
    for stage in stages:
        before = (stage.starts_on, stage.ends_on)
        after = days.get(stage.number, before)
        if after == before:
            continue
        _require_in_order(stage.title, *after)
        stage.starts_on, stage.ends_on = after
        stage.save(update_fields=["starts_on", "ends_on"])
        changed[stage.title] = [" – ".join(str(day or "") for day in pair) for pair in (before, after)]
    return changed


def _require_in_order(title: str, starts_on: date | None, ends_on: date | None) -> None:
    if (starts_on is None) != (ends_on is None):
        raise ValidationError(f"“{title}”的计划开始和结束要么都填，要么都不填。")
    if starts_on and ends_on and ends_on < starts_on:
        raise ValidationError(f"“{title}”的计划结束不能早于计划开始。")


def _require_own_round(plan: Plan, round: ReportingPeriod | None) -> None:
    if round is not None and round.plan_id != plan.pk:
        raise ValidationError("专项填报不属于这个规划。")


def name_group(evaluation: Evaluation, *, by: User, members: Iterable[tuple[User, str, str]]) -> list[GroupMember]:
    """Name people of the special working group: each with the part and what is theirs to do; the others stay.

    Who is named again in the same part gets the new task, and is back where they had left.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: an unknown part, a task that is too long.
    """
    with recorded(by=by, reason="确定专项小组成员"):
        locked = Evaluation.objects.select_for_update().get(pk=evaluation.pk)
        require(can_change_case, by, locked)
        named = [_named(locked, user, part, task.strip()) for user, part, task in members]
        record("evaluation.name_group", locked, members=[str(member) for member in named])
    return named


def _named(evaluation: Evaluation, user: User, part: str, task: str) -> GroupMember:
    found = GroupMember.objects.filter(evaluation=evaluation, user=user, part=part).first()
    member = found or GroupMember(evaluation=evaluation, user=user, part=part)
    member.task, member.left_on = task, None
    member.full_clean()
    member.save()
    return member


def leave_group(member: GroupMember, *, by: User, reason: str) -> GroupMember:
    """Note that a person is in the working group no longer, with a reason; what they did stays theirs.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: no reason, or they had left already.
    """
    with recorded(by=by, reason=reason):
        locked = (
            GroupMember.objects.select_for_update(of=("self",)).select_related("evaluation", "user").get(pk=member.pk)
        )
        require(can_change_case, by, locked.evaluation)
        if locked.left_on is not None:
            raise ValidationError(f"{locked.user.name}已经退出专项小组。")
        locked.left_on = today()
        locked.save(update_fields=["left_on"])
        record("evaluation.leave_group", locked.evaluation, member=str(locked))
    return locked
