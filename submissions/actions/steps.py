"""The form's way out of its organisation: submit, confirm, send back, withdraw."""

from typing import Any

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.moves import StaleState, move
from audit.recording import recorded
from organisations.models import User
from organisations.permissions import require
from plans.calendar import is_past, local_day, working_day_after
from submissions.actions.cells import require_period_open
from submissions.actions.checks import keep_findings
from submissions.actions.replies import keep_replies
from submissions.checks import missing_in, unexplained_in
from submissions.models import Answer, Figure, ProgressNote, StampRule, Submission
from submissions.permissions import can_confirm, can_fill_in
from submissions.queries.levels import levels_of
from submissions.queries.sendings import last_sending, notes_sent_by, sent_by
from submissions.queries.stamped import paper_of, stamp_days
from submissions.states import EDITABLE_CELLS, CellState

NAMED = 5  # items that a refusal names


def submit(submission: Submission, *, by: User) -> Submission:
    """Send the form to the working group, or to the organisation's head where it wants that; late ones too.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation, or confirmed or reviewed it.
        ValidationError: something owed is blank, a return is unanswered, or an oddity has no explanation.
        StaleState: it was submitted already, the period was closed before it ever came in, or it is late and the
            period takes nothing late.
    """
    with recorded(by=by, reason="提交填报表"):
        locked = Submission.objects.locked(submission.pk)
        require(can_fill_in, by, locked)
        require_period_open(locked)
        _require_in_time(locked)
        levels = levels_of(locked)
        stamp: dict[str, Any] = {"submitted_by": by, "reporter": by, "confirmed_by": None}
        stamp |= {"first_reviewed_by": None, "first_reviewed_at": None}
        stamp |= {"steps_in_unit": levels.in_unit, "steps_in_group": levels.in_group}
        if locked.is_editable:
            _require_complete(locked)
            _require_stamped(locked)
            keep_findings(locked)
        if levels.in_unit == 2:
            move(locked, "send_to_head", stamp=stamp)
        else:
            move(locked, "submit", stamp=stamp | _sent(locked))
        figures = Figure.objects.filter(submission=locked, is_owed=True, state__in=EDITABLE_CELLS)
        notes = ProgressNote.objects.filter(submission=locked, is_owed=True, is_published=False, is_sent=False)
        keep_replies(locked, by, figures, notes)
        figures.update(state=CellState.SUBMITTED)
        notes.update(is_sent=True)
    return locked


def confirm(submission: Submission, *, by: User) -> Submission:
    """Confirm the form for its organisation, and send it to the working group.

    Raises:
        PermissionDenied: ``by`` is no head of the form's own organisation, or filled it in.
        StaleState: it doesn't await confirmation, or the period was closed before it ever came in.
    """
    with recorded(by=by, reason="单位负责人确认"):
        locked = Submission.objects.locked(submission.pk)
        require(can_confirm, by, locked)
        require_period_open(locked)
        _require_in_time(locked)
        move(locked, "confirm", stamp={"confirmed_by": by} | _sent(locked))
    return locked


def send_back(submission: Submission, *, by: User, reason: str) -> Submission:
    """Give the form back to its reporters, with a reason, instead of confirming it.

    Raises:
        PermissionDenied: ``by`` is no head of the form's own organisation, or filled it in.
        ValidationError: no reason.
        StaleState: it doesn't await confirmation.
    """
    with recorded(by=by, reason=reason):
        locked = Submission.objects.locked(submission.pk)
        require(can_confirm, by, locked)
        move(locked, "send_back", reason=reason.strip())
        _open_cells_again(locked)
    return locked


def withdraw(submission: Submission, *, by: User, reason: str) -> Submission:
    """Take a submitted form back before it is decided on, with a reason.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        ValidationError: no reason.
        StaleState: it isn't submitted, or somebody decided on it first.
    """
    with recorded(by=by, reason=reason):
        locked = Submission.objects.locked(submission.pk)
        require(can_fill_in, by, locked)
        move(locked, "withdraw", reason=reason.strip())
        _open_cells_again(locked)
    return locked


def _require_stamped(submission: Submission) -> None:
    """Where the plan wants the paper first, the scan of exactly what is handed in is there."""
    paper = paper_of(submission)
    if paper.rule != StampRule.BEFORE or paper.is_stamped:
        return
    if paper.is_void:
        raise ValidationError(
            f"盖章之后内容又有改动，须重新盖章：请打印（版本码 {paper.code}）、盖章并上传扫描件后再提交。"
        )
    raise ValidationError(f"本规划要求提交前盖章：请打印（版本码 {paper.code}）、盖章并上传扫描件后再提交。")


def _require_in_time(submission: Submission) -> None:
    """Where a period takes nothing late, what never came in can't come in after its deadline; the rest goes on."""
    is_first = submission.round == 0 and submission.first_submitted_at is None
    if is_first and not submission.period.takes_late and is_past(submission.deadline, now()):
        raise StaleState(f"{submission.period.name}不接受逾期报送，报送时限已过。确需补报的，请先申请延期。")


def _sent(submission: Submission) -> dict[str, Any]:
    """What coming to the working group stamps: the real time, and which time it is."""
    moment = now()
    first = submission.first_submitted_at or (submission.submitted_at if submission.round else moment)
    days = stamp_days(submission)
    stamp_by = working_day_after(local_day(moment), days) if days is not None else None
    return {"submitted_at": moment, "first_submitted_at": first, "round": submission.round + 1, "stamp_by": stamp_by}


def _open_cells_again(submission: Submission) -> None:
    """What the last sending sent is open again, and nothing else: after a return or a correction that is little."""
    change = last_sending(submission)
    if change is None:
        return
    sent = sent_by(change, submission)
    keys = list(sent.values_list("pk", flat=True))
    Figure.objects.filter(pk__in=keys, answer=Answer.BLANK).update(state=CellState.TO_FILL)
    Figure.objects.filter(pk__in=keys).exclude(answer=Answer.BLANK).update(state=CellState.FILLED)
    notes_sent_by(change, submission).update(is_sent=False)


def _require_complete(submission: Submission) -> None:
    missing = missing_in(submission)
    if missing:
        named = "；".join(f"{each.label}：{each.title}" for each in missing[:NAMED])
        more = f"；另有 {len(missing) - NAMED} 项" if len(missing) > NAMED else ""
        raise ValidationError(f"还有 {len(missing)} 项没有填好，不能提交。{named}{more}。")
    odd = unexplained_in(submission)
    wrong = [each for each in odd if each.blocks]
    if wrong or odd:
        told = wrong or odd
        what = "项数据有错误，须改正后提交" if wrong else "处疑点还没有说明，不能提交"
        named = "；".join(f"{each.label}：{each.message}" for each in told[:NAMED])
        more = f"；另有 {len(told) - NAMED} 项" if len(told) > NAMED else ""
        raise ValidationError(f"有 {len(told)} {what}。{named}{more}")
