"""Who of the working group reviews what: by organisation or by indicator, and handing it over."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from audit.clock import now
from audit.recording import record, recorded
from indicators.models import Indicator
from organisations.models import Organisation, Role, User
from organisations.permissions import is_reviewer, require
from plans.models import Plan
from submissions.models import Assignment


def assign_reviews(
    plan: Plan,
    *,
    by: User,
    to: User,
    organisations: Iterable[Organisation] = (),
    indicators: Iterable[Indicator] = (),
) -> list[Assignment]:
    """Let a reviewer review the forms of organisations, or the figures of indicators; what they have already stays.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        ValidationError: nothing is named, everything is theirs already, another plan's indicator, or ``to`` reviews
            nothing.
    """
    with recorded(by=by, reason="审核分工"):
        require(is_reviewer, by)
        _lock(plan, to)
        bodies, numbers = list(organisations), list(indicators)
        if not bodies and not numbers:
            raise ValidationError("请至少勾选一个单位或一项指标。")
        if any(each.plan_id != plan.pk for each in numbers):
            raise ValidationError("勾选的指标不属于这个规划。")
        held = {(row.organisation_id, row.indicator_id) for row in _open(plan, to)}
        wanted = [(each.pk, None) for each in bodies] + [(None, each.pk) for each in numbers]
        fresh = [pair for pair in wanted if pair not in held]
        if not fresh:
            raise ValidationError(f"勾选的内容都已由{to.name}审核。")
        return [_assigned(plan, to, by, organisation, indicator) for organisation, indicator in fresh]


def end_assignment(assignment: Assignment, *, by: User) -> Assignment:
    """Let a reviewer review it no more; the forms stay in everybody's queue.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        ValidationError: it has ended already.
    """
    with recorded(by=by, reason="结束审核分工"):
        require(is_reviewer, by)
        locked = Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=assignment.pk)
        if locked.ended_at is not None:
            raise ValidationError("这项分工已经结束，可能有人刚刚办理过，请刷新后查看。")
        _end(locked)
    return locked


def hand_over_reviews(plan: Plan, *, by: User, from_user: User, to: User, reason: str) -> list[Assignment]:
    """Give everything that a reviewer reviews in a plan to another one; what that one reviews already isn't doubled.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        ValidationError: no reason, nothing to hand over, to the person themselves, or to nobody who reviews.
    """
    with recorded(by=by, reason=reason):
        require(is_reviewer, by)
        _lock(plan, to)
        if from_user.pk == to.pk:
            raise ValidationError("接收人不能是移交人自己。")
        given = give(plan, from_user, to, by)
        if not given:
            raise ValidationError(f"{from_user.name}没有可移交的审核分工，可能有人刚刚办理过。")
    return given


def give(plan: Plan, from_user: User, to: User, by: User) -> list[Assignment]:
    """End a person's open assignments and make them another's, inside the open change; return those that ended."""
    held = {(row.organisation_id, row.indicator_id) for row in _open(plan, to)}
    ended = list(_open(plan, from_user).select_for_update(of=("self",), no_key=True))
    for row in ended:
        _end(row)
        record("assignment.hand_over", row, from_name=from_user.name, to_name=to.name)
        if (row.organisation_id, row.indicator_id) not in held:
            _assigned(plan, to, by, row.organisation_id, row.indicator_id)
    return ended


def _lock(plan: Plan, to: User) -> None:
    """One at a time for a plan, so that nothing is given twice; and to somebody who reviews."""
    Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
    if not (to.is_active and to.has_role(Role.REVIEWER)):
        raise ValidationError(f"{to.name}不是审核人，不能分给他审核。")


def _open(plan: Plan, reviewer: User) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(plan=plan, reviewer=reviewer, ended_at=None)
    return rows.select_related("organisation", "indicator", "reviewer")


def _end(row: Assignment) -> None:
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    record("assignment.end", row)


def _assigned(plan: Plan, to: User, by: User, organisation: int | None, indicator: int | None) -> Assignment:
    row = Assignment.objects.create(
        plan=plan,
        reviewer=to,
        organisation_id=organisation,
        indicator_id=indicator,
        assigned_by=by,
        assigned_at=now(),
    )
    record("assignment.begin", row)
    return row
