"""Verbs on reporting periods."""

from django.core.exceptions import ValidationError

from audit.clock import now, today
from audit.moves import move
from audit.recording import recorded
from organisations.models import User
from organisations.permissions import is_reviewer, require
from plans.calendar import working_days_left
from plans.models import PeriodState, ReportingPeriod

SHORT_NOTICE = 5  # working days


def open_for_reporting(period: ReportingPeriod, *, by: User, reason: str = "") -> ReportingPeriod:
    """Open a period; the forms are made by the room that collects them.

    Raises:
        PermissionDenied: ``by`` is not a reviewer.
        ValidationError: fewer than five working days are left until the deadline, and no reason is given.
        StaleState: it is open already, or closed.
    """
    reason = reason.strip()
    with recorded(by=by, reason=reason or "开放填报"):
        locked = ReportingPeriod.objects.select_for_update(of=("self",), no_key=True).get(pk=period.pk)
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


def _left_in_words(left: int) -> str:
    return f"还剩 {left} 个" if left >= 0 else "已过时限"
