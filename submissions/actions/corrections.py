"""Answering requests to correct what is published (数据更正申请), and calling for corrections of a whole period."""

from datetime import datetime

from django.core.exceptions import ValidationError

from audit.clock import now, today
from audit.moves import move
from audit.recording import record, recorded
from organisations.models import User
from organisations.permissions import is_reviewer, require
from plans.calendar import end_of_day, is_past, working_day_after
from plans.models import ReportingPeriod
from submissions.actions.requested import OPEN_STATES
from submissions.actions.typed import tidy
from submissions.models import Correction, CorrectionScope, Figure, Submission
from submissions.permissions import can_answer_correction, can_review
from submissions.states import CellState, State

DAYS = 5  # working days that a correction takes where nobody says otherwise


def usual_deadline() -> datetime:
    """The end of the day by which a correction is due where nobody says otherwise."""
    return end_of_day(working_day_after(today(), DAYS))


def agree_to_correction(
    correction: Correction, *, by: User, answer: str = "", deadline: datetime | None = None
) -> Correction:
    """Let the organisation correct the figures that it asked for, and only these, until a deadline of their own.

    The form's own deadline stays: it says whether the form came in in time. Without ``deadline`` it is ``DAYS``
    working days.

    Raises:
        PermissionDenied: ``by`` is no reviewer, or had a hand in the form.
        ValidationError: the deadline has passed already.
        StaleState: it was answered already, or the form isn't approved any more.
    """
    with recorded(by=by, reason=answer.strip() or "同意更正"):
        locked = _locked(correction, by)
        due = deadline or usual_deadline()
        if is_past(due, now()):
            raise ValidationError("更正时限已经过去，请填今天或以后的日期。")
        move(locked, "agree", stamp=_answered(by, answer) | {"deadline": due})
        move(locked.submission, "reopen", stamp={"correct_by": due}, deadline=due.isoformat())
        asked = Figure.objects.filter(submission=locked.submission, pk__in=locked.figures, state=CellState.APPROVED)
        asked.update(state=CellState.CORRECTING)
    return locked


def call_for_corrections(
    period: ReportingPeriod, *, by: User, deadline: datetime, reason: str
) -> tuple[list[Correction], list[Submission]]:
    """Open every approved form of a period for correction, since something concerns all of them (口径 changed).

    The organisations change their numbers, or send them again as they are; what is published stays until then. Forms
    in which ``by`` had a hand, or with a request that is open already, are left; they are returned second.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
        ValidationError: no reason, a deadline that has passed, or nothing to open.
    """
    with recorded(by=by, reason=reason):
        require(is_reviewer, by)
        if is_past(deadline, now()):
            raise ValidationError("更正时限已经过去，请填今天或以后的日期。")
        rows = Submission.objects.filter(period=period, state=State.APPROVED)
        forms = list(rows.select_for_update(of=("self",), no_key=True).select_related("period").order_by("pk"))
        busy = set(
            Correction.objects.filter(submission__in=forms, state__in=OPEN_STATES).values_list("submission", flat=True)
        )
        called = [form for form in forms if form.pk not in busy and can_review(by, form)]
        made = [made for form in called if (made := _called(form, by, deadline, reason)) is not None]
        if not made:
            raise ValidationError("这个报告期没有可以要求更正的填报表。")
        record("period.call_for_corrections", period, forms=len(made), deadline=deadline.isoformat())
    opened = {each.submission_id for each in made}
    return made, [form for form in forms if form.pk not in opened]


def _called(form: Submission, by: User, deadline: datetime, reason: str) -> Correction | None:
    """The correction of all of a form's approved figures; None where it has none."""
    figures = Figure.objects.filter(submission=form, is_owed=True, state=CellState.APPROVED)
    keys = sorted(figures.values_list("pk", flat=True))
    if not keys:
        return None
    correction = Correction.objects.create(
        submission=form,
        figures=keys,
        scope=CorrectionScope.PERIOD,
        reason=tidy(reason, "reason"),
        asked_by=None,
        asked_at=now(),
    )
    move(correction, "agree", stamp=_answered(by, "") | {"deadline": deadline})
    move(form, "reopen", stamp={"correct_by": deadline}, deadline=deadline.isoformat())
    Figure.objects.filter(pk__in=keys).update(state=CellState.CORRECTING)
    return correction


def refuse_correction(correction: Correction, *, by: User, answer: str) -> Correction:
    """Refuse a correction, and say why.

    Raises:
        PermissionDenied: ``by`` is no reviewer, or had a hand in the form.
        ValidationError: no answer.
        StaleState: it was answered already.
    """
    with recorded(by=by, reason=answer):
        locked = _locked(correction, by)
        move(locked, "refuse", stamp=_answered(by, answer))
    return locked


def _locked(correction: Correction, by: User) -> Correction:
    submission = Submission.objects.locked(correction.submission_id)
    locked = Correction.objects.get(pk=correction.pk)
    locked.submission = submission
    require(can_answer_correction, by, locked)
    return locked


def _answered(by: User, answer: str) -> dict[str, object]:
    return {"answer": tidy(answer, "answer"), "decided_by": by, "decided_at": now()}
