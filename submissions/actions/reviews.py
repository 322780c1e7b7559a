"""Deciding on a submitted form."""

from collections.abc import Iterable, Mapping, Sequence

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.models import Entry
from audit.moves import StaleState, move
from audit.recording import record, recorded
from organisations.models import User
from organisations.permissions import require
from submissions.actions.cells import shown_in_history
from submissions.actions.publishing import publish
from submissions.actions.typed import tidy
from submissions.models import (
    Correction,
    CorrectionState,
    Decision,
    Figure,
    ProgressNote,
    PublishedValue,
    Remark,
    Review,
    Submission,
)
from submissions.permissions import can_review, can_withdraw_approval
from submissions.states import CellState, State


def approve(submission: Submission, *, by: User, round: int, comment: str = "") -> Review:
    """Approve the form: every submitted figure is published, beside what was published before.

    ``round`` is the one that the reviewer saw.

    Raises:
        PermissionDenied: ``by`` is no reviewer, or had a hand in this form.
        StaleState: somebody decided first, or the form was withdrawn or came in again meanwhile.
    """
    with recorded(by=by, reason="审核通过"):
        locked = _locked(submission, by, round)
        entry = move(locked, "approve", stamp={"decided_by": by, "decided_at": now()}, round=round)
        review = _review(locked, Decision.APPROVED, entry, by, comment)
        publish(_submitted(locked), review)
        _publish_notes(locked)
        for correction in Correction.objects.filter(submission=locked, state=CorrectionState.AGREED):
            move(correction, "complete")
    return review


def return_for_correction(
    submission: Submission,
    *,
    by: User,
    round: int,
    remarks: Mapping[Figure, Sequence[str]],
    publish_rest: bool = False,
    comment: str = "",
) -> Review:
    """Send the form back with the reasons, one or more, on each figure to correct; only these can be changed then.

    The other figures keep their state, or are published when ``publish_rest`` is asked for. What is published stays
    so. A form can be returned without a remark on a figure, for its progress notes, when ``comment`` says why.

    Raises:
        PermissionDenied: ``by`` is no reviewer, or had a hand in this form.
        ValidationError: no reason at all, a figure without one, or one that isn't up for decision.
        StaleState: somebody decided first, or the form was withdrawn or came in again meanwhile.
    """
    reasons = {
        figure.pk: [tidy(text, "reason") for text in texts if text.strip()] for figure, texts in remarks.items()
    }
    with recorded(by=by, reason=_in_one(reasons, comment)):
        locked = _locked(submission, by, round)
        returned = _returned(locked, reasons)
        stamp = {"decided_by": by, "decided_at": now()}
        entry = move(locked, "return_for_correction", stamp=stamp, round=round, figures=len(returned))
        review = _review(locked, Decision.RETURNED, entry, by, comment)
        for figure in returned:
            texts = reasons[figure.pk]
            reported = shown_in_history(figure)[:200]
            Remark.objects.bulk_create(
                Remark(review=review, figure=figure, text=text, reported=reported) for text in texts
            )
            record("figure.return", figure, reasons=texts, reported=reported)
        keys = [figure.pk for figure in returned]
        Figure.objects.filter(pk__in=keys).update(state=CellState.RETURNED, reply="")
        if publish_rest:
            publish(_submitted(locked), review)
            if returned:
                _publish_notes(locked)
    return review


def withdraw_approval(submission: Submission, *, by: User, reason: str) -> Review:
    """Take one's own approval back, with a reason: what it published counts no longer, what stood before does again.

    Raises:
        PermissionDenied: ``by`` isn't the reviewer who approved it.
        ValidationError: no reason.
        StaleState: the form isn't approved any more.
    """
    with recorded(by=by, reason=reason):
        locked = Submission.objects.locked(submission.pk)
        require(can_withdraw_approval, by, locked)
        entry = move(
            locked, "withdraw_approval", stamp={"decided_by": None, "decided_at": None}, reason=reason.strip()
        )
        approval = Review.objects.filter(submission=locked, decision=Decision.APPROVED).order_by("-at", "-id")[0]
        review = _review(locked, Decision.WITHDRAWN, entry, by, reason)
        values = PublishedValue.objects.filter(review=approval, withdrawn_at=None).select_related("figure__indicator")
        withdrawn = list(values)
        PublishedValue.objects.filter(pk__in=[value.pk for value in withdrawn]).update(withdrawn_at=now())
        figures = [value.figure for value in withdrawn]
        Figure.objects.filter(pk__in=[figure.pk for figure in figures]).update(state=CellState.SUBMITTED)
        ProgressNote.objects.filter(submission=locked, is_published=True).update(is_published=False)
        for value in withdrawn:
            record("figure.withdraw", value.figure, sequence=value.sequence)
    return review


def _locked(submission: Submission, by: User, round: int) -> Submission:
    """The form as it is now, for a decision on exactly the round that the reviewer saw."""
    locked = Submission.objects.locked(submission.pk)
    require(can_review, by, locked)
    if locked.state != State.SUBMITTED:
        who = f"{locked.decided_by.name}已办理" if locked.decided_by is not None else "填报单位可能已撤回"
        raise StaleState(f"你打开之后，填报表的状态已变为“{locked.get_state_display()}”（{who}），你的决定没有生效。")
    if locked.round != round:
        raise StaleState(
            f"你打开之后，填报单位重新提交了（现为第 {locked.round} 次提交），你的决定没有生效。请刷新后重新审核。"
        )
    return locked


def _submitted(submission: Submission) -> list[Figure]:
    rows = Figure.objects.filter(submission=submission, is_owed=True, state=CellState.SUBMITTED)
    return list(rows.select_related("indicator", "period"))


def _review(submission: Submission, decision: Decision, entry: Entry, by: User, comment: str) -> Review:
    return Review.objects.create(
        submission=submission,
        round=submission.round,
        decision=decision,
        by=by,
        at=now(),
        comment=tidy(comment, "comment"),
        entry=entry,
    )


def _publish_notes(submission: Submission) -> None:
    ProgressNote.objects.filter(submission=submission, is_owed=True, is_published=False).update(is_published=True)


def _in_one(reasons: Mapping[int, Sequence[str]], comment: str) -> str:
    """Every reason of a return in one text, as the change keeps it."""
    empty = [key for key, texts in reasons.items() if not texts]
    if empty:
        raise ValidationError(f"有 {len(empty)} 项勾选了退回而没有理由。请为每一项至少选择或填写一条理由。")
    texts = [*dict.fromkeys(text for each in reasons.values() for text in each), comment.strip()]
    told = "；".join(text for text in texts if text)
    if not told:
        raise ValidationError("请至少说明一项数据的退回理由。")
    return told[:10_000]


def _returned(submission: Submission, keys: Iterable[int]) -> list[Figure]:
    keys = set(keys)
    found = [figure for figure in _submitted(submission) if figure.pk in keys]
    if len(found) != len(keys):
        raise ValidationError("勾选的数据中有不在这次审核范围内的，请刷新后重新勾选。")
    return found
