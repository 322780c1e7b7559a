"""A later deadline for one form: the organisation asks, the working group answers (延期申请)."""

from datetime import datetime

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.moves import StaleState, move
from audit.recording import record, recorded
from organisations.models import User
from organisations.permissions import require
from submissions.actions.typed import tidy
from submissions.models import Extension, ExtensionState, Submission
from submissions.permissions import can_answer_extension, can_fill_in
from submissions.states import State

WITH_ORGANISATION = (State.DRAFT, State.AWAITING_HEAD)


def ask_for_extension(submission: Submission, *, by: User, until: datetime, reason: str) -> Extension:
    """Ask for a later deadline of a form that hasn't come in yet; until the answer the old one holds.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation, or confirmed or reviewed it.
        ValidationError: no reason, a day that is no later or has passed, or an open request already.
        StaleState: the form came in, or its period was closed.
    """
    with recorded(by=by, reason=reason):
        locked = Submission.objects.locked(submission.pk)
        require(can_fill_in, by, locked)
        _require_owed(locked)
        _require_later(locked, until)
        if Extension.objects.filter(submission=locked, state=ExtensionState.ASKED).exists():
            raise ValidationError("已有一份延期申请在办理，请等待答复。")
        extension = Extension.objects.create(
            submission=locked, until=until, reason=tidy(reason, "reason"), asked_by=by, asked_at=now()
        )
        record("submission.ask_for_extension", locked, until=until.isoformat())
    return extension


def grant_extension(
    extension: Extension, *, by: User, deadline: datetime | None = None, answer: str = ""
) -> Extension:
    """Give the form a later deadline: the one that was asked for, or ``deadline``.

    Raises:
        PermissionDenied: ``by`` is no reviewer, had a hand in the form, or reports for its organisation.
        ValidationError: the deadline is no later, or has passed.
        StaleState: it was answered already, or the form came in meanwhile.
    """
    with recorded(by=by, reason=answer.strip() or "同意延期"):
        locked = _locked(extension, by)
        form = locked.submission
        _require_owed(form)
        due = deadline or locked.until
        _require_later(form, due)
        move(locked, "grant", stamp=_answered(by, answer) | {"deadline": due})
        before, form.deadline = form.deadline, due
        form.save(update_fields=["deadline"])
        record("submission.change_deadline", form, before=before.isoformat(), deadline=due.isoformat())
    return locked


def refuse_extension(extension: Extension, *, by: User, answer: str) -> Extension:
    """Refuse a later deadline, and say why.

    Raises:
        PermissionDenied: ``by`` is no reviewer, had a hand in the form, or reports for its organisation.
        ValidationError: no answer.
        StaleState: it was answered already.
    """
    with recorded(by=by, reason=answer):
        locked = _locked(extension, by)
        move(locked, "refuse", stamp=_answered(by, answer))
        record("submission.refuse_extension", locked.submission)
    return locked


def _locked(extension: Extension, by: User) -> Extension:
    submission = Submission.objects.locked(extension.submission_id)
    locked = Extension.objects.get(pk=extension.pk)
    locked.submission = submission
    require(can_answer_extension, by, submission)
    return locked


def _require_owed(submission: Submission) -> None:
    if submission.is_shut:
        raise StaleState(f"{submission.period.name}已关闭填报。确需补报的，请联系专项小组重新开放。")
    if submission.round > 0 or submission.state not in WITH_ORGANISATION:
        raise StaleState(f"填报表当前为“{submission.get_state_display()}”，只有还没有报送过的才能延期。")


def _require_later(submission: Submission, until: datetime) -> None:
    if until <= now() or until <= submission.deadline:
        raise ValidationError("延期后的时限应晚于现在的时限，也不能是已经过去的日子。")


def _answered(by: User, answer: str) -> dict[str, object]:
    return {"answer": tidy(answer, "answer"), "decided_by": by, "decided_at": now()}
