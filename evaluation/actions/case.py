"""Setting up a case and its working group."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.moves import move
from audit.recording import record, recorded
from evaluation.models import Evaluation, EvaluationKind, GroupMember, Stage
from evaluation.permissions import can_create_evaluation
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
    if round is not None and round.plan_id != plan.pk:
        raise ValidationError("专项填报不属于这个规划。")
    evaluation = Evaluation(
        plan=plan,
        code=code,
        name=name,
        kind=kind,
        cut_off=cut_off,
        outlook_until=outlook_until or cut_off,
        round=round,
    )
    if evaluation.outlook_until < cut_off:
        raise ValidationError("展望数据截止日不能早于数据截止日。")
    with recorded(by=by, reason="建立评估"):
        evaluation.full_clean()
        evaluation.save()
        record("evaluation.create", evaluation)
        for position, outline in enumerate(stages):
            starts_on, ends_on = dates[position] if position < len(dates) else (None, None)
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


def name_group(evaluation: Evaluation, *, by: User, members: Iterable[tuple[User, str, str]]) -> list[GroupMember]:
    """Add people to the special working group: each with the part and what is theirs to do; who is in it stays.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
    """
    require(can_create_evaluation, by)
    with recorded(by=by, reason="确定专项小组成员"):
        named = [
            GroupMember.objects.get_or_create(evaluation=evaluation, user=user, part=part, defaults={"task": task})[0]
            for user, part, task in members
        ]
        record("evaluation.name_group", evaluation, members=[str(member) for member in named])
    return named
