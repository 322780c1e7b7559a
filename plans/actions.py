"""Verbs on reporting periods; what an open period does to forms is told by the room that collects them."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError

from audit.clock import now, today
from audit.moves import StaleState, move
from audit.recording import record, recorded
from organisations.models import User
from organisations.permissions import is_reviewer, require
from plans.calendar import local_day, working_days_left
from plans.models import PeriodState, Plan, ReportingPeriod
from plans.permissions import can_define_periods

SHORT_NOTICE = 5  # working days
DEFINITION = ("code", "name", "kind", "starts_on", "ends_on", "opens_on", "deadline", "takes_late")


def define_period(
    plan: Plan,
    *,
    by: User,
    code: str,
    name: str,
    kind: str,
    starts_on: date,
    ends_on: date,
    opens_on: date,
    deadline: datetime,
    takes_late: bool = True,
    reason: str = "",
) -> ReportingPeriod:
    """Define a period of a plan; a reviewer opens it later.

    Raises:
        PermissionDenied: ``by`` is neither a reviewer nor a system administrator.
        ValidationError: days out of order or outside the plan, a day that ends no such period, a period that is
            there already.
    """
    with recorded(by=by, reason=reason.strip() or "设置报告期"):
        require(can_define_periods, by)
        period = ReportingPeriod(plan=plan)
        _set(period, code, name, kind, starts_on, ends_on, opens_on, deadline, takes_late)
        record("period.define", period)
    return period


def redefine_period(period: ReportingPeriod, *, by: User, reason: str, **definition: Any) -> ReportingPeriod:
    """Change what a period that nobody has opened is; ``definition`` names only what changes.

    Raises:
        PermissionDenied, ValidationError: as ``define_period``; no reason.
        StaleState: it has been opened: only its deadline can be changed then.
    """
    with recorded(by=by, reason=reason):
        locked = locked_period(period)
        require(can_define_periods, by)
        if locked.state != PeriodState.PLANNED:
            raise StaleState(
                f"报告期当前为“{locked.get_state_display()}”，不能再修改设置；需要延期的，请变更报送时限。"
            )
        before = {name: getattr(locked, name) for name in DEFINITION}
        _set(locked, **(before | definition))
        changed = [name for name in DEFINITION if getattr(locked, name) != before[name]]
        record("period.redefine", locked, fields=changed)
    return locked


def _set(
    period: ReportingPeriod,
    code: str,
    name: str,
    kind: str,
    starts_on: date,
    ends_on: date,
    opens_on: date,
    deadline: datetime,
    takes_late: bool,
) -> None:
    period.code, period.name, period.kind = code.strip(), name.strip(), kind
    period.starts_on, period.ends_on = starts_on, ends_on
    period.opens_on, period.deadline, period.takes_late = opens_on, deadline, takes_late
    period.full_clean()
    period.save()


def is_short_notice(deadline: datetime) -> bool:
    """Whether whoever is told today has fewer than five working days until a deadline."""
    return working_days_left(deadline, today()) < SHORT_NOTICE


def open_for_reporting(period: ReportingPeriod, *, by: User, reason: str = "") -> ReportingPeriod:
    """Open a period; the forms are made by the room that collects them.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: fewer than five working days are left until the deadline, and no reason is given.
        StaleState: it is open already, or closed.
    """
    reason = reason.strip()
    with recorded(by=by, reason=reason or "开放填报"):
        locked = locked_period(period)
        require(is_reviewer, by)
        left = working_days_left(locked.deadline, today())
        is_short = left < SHORT_NOTICE
        if is_short and not reason and locked.state == PeriodState.PLANNED:
            raise ValidationError(
                f"距报送时限不足 {SHORT_NOTICE} 个工作日（{_left_in_words(left)}），请说明时限较短的理由。"
            )
        stamp = {"opened_by": by, "opened_at": now(), "short_notice_reason": reason if is_short else ""}
        move(locked, "open_period", stamp=stamp)
    return locked


def change_deadline(period: ReportingPeriod, *, by: User, deadline: datetime, reason: str) -> ReportingPeriod:
    """Give an open period another deadline, later or earlier, but never one that has passed.

    Brought forward to fewer than five working days from today, the reason is kept as the period's short notice, which
    its reporters read; put off far enough, there is none any more.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: no reason; a moment that has passed; the deadline that stands already.
        StaleState: it isn't open.
    """
    with recorded(by=by, reason=reason):
        locked = locked_period(period)
        require(is_reviewer, by)
        if locked.state != PeriodState.OPEN:
            raise StaleState(f"报告期当前为“{locked.get_state_display()}”，只有填报中的才能变更报送时限。")
        if deadline == locked.deadline:
            raise ValidationError("新的报送时限与原来的相同。")
        _require_time_left(deadline)
        before, locked.deadline = locked.deadline, deadline
        if not is_short_notice(deadline):
            locked.short_notice_reason = ""
        elif deadline < before:
            locked.short_notice_reason = reason.strip()
        locked.save(update_fields=["deadline", "short_notice_reason"])
        record("period.change_deadline", locked, before=before.isoformat(), after=deadline.isoformat())
    return locked


def allow_late(period: ReportingPeriod, *, by: User, allowed: bool, reason: str) -> ReportingPeriod:
    """Take forms after the deadline, or take them no more, while a period is open.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: no reason, or it is so already.
        StaleState: it isn't open.
    """
    with recorded(by=by, reason=reason):
        locked = locked_period(period)
        require(is_reviewer, by)
        if locked.state != PeriodState.OPEN:
            raise StaleState(f"报告期当前为“{locked.get_state_display()}”，只有填报中的才能变更。")
        if locked.takes_late == allowed:
            raise ValidationError("已经允许逾期报送。" if allowed else "已经不允许逾期报送。")
        locked.takes_late = allowed
        locked.save(update_fields=["takes_late"])
        record("period.allow_late", locked, allowed=allowed)
    return locked


def close_for_reporting(period: ReportingPeriod, *, by: User, reason: str, owed: list[str]) -> ReportingPeriod:
    """Close a period; ``owed`` says in words what is still owed by whom, and is kept.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: no reason.
        StaleState: it isn't open.
    """
    with recorded(by=by, reason=reason):
        locked = locked_period(period)
        require(is_reviewer, by)
        move(locked, "close_period", stamp={"closed_by": by, "closed_at": now()}, owed=owed)
    return locked


def reopen_for_reporting(period: ReportingPeriod, *, by: User, deadline: datetime, reason: str) -> ReportingPeriod:
    """Open a closed period again, with a deadline of its own.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: no reason; a deadline that has passed.
        StaleState: it isn't closed.
    """
    with recorded(by=by, reason=reason):
        locked = locked_period(period)
        require(is_reviewer, by)
        _require_time_left(deadline)
        before = locked.deadline.isoformat()
        short = reason.strip() if is_short_notice(deadline) else ""
        stamp = {"deadline": deadline, "closed_by": None, "closed_at": None, "short_notice_reason": short}
        move(locked, "reopen_period", stamp=stamp, deadline_before=before, deadline=deadline.isoformat())
    return locked


def locked_period(period: ReportingPeriod) -> ReportingPeriod:
    """Return the period as it is now, locked until the transaction ends."""
    rows = ReportingPeriod.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("plan").get(pk=period.pk)


def _require_time_left(deadline: datetime) -> None:
    if deadline <= now():
        day = local_day(deadline)
        raise ValidationError(f"新的报送时限（{day.year}年{day.month}月{day.day}日）已经过去，请另选一天。")


def _left_in_words(left: int) -> str:
    return f"还剩 {left} 个" if left >= 0 else "已过时限"
