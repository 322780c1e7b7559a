"""Deciding on a submitted form."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

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
from submissions.reasons import is_only_a_number
from submissions.states import CellState, ReviewStep

Row = TypeVar("Row", Figure, ProgressNote)


NOT_FIRST_REVIEWED = {"first_reviewed_by": None, "first_reviewed_at": None}

Reasons = Mapping[Figure | ProgressNote, Sequence[str]]


def pass_first_review(submission: Submission, *, by: User, round: int, comment: str = "") -> Review:
    """Pass the form on to its final review, by somebody else; nothing is published yet.

    Raises:
        PermissionDenied: ``by`` is no reviewer, had a hand in this form, or reviewed it finally in an earlier round.
        ValidationError: the form has one level only.
        StaleState: somebody decided first, or the form was withdrawn or came in again meanwhile.
    """
    with recorded(by=by, reason="初审通过"):
        locked = _locked(submission, by, round)
        if locked.review_step == ReviewStep.ONLY:
            raise ValidationError("这份表只须一级审核，请直接通过或退回。")
        stamp = {"first_reviewed_by": by, "first_reviewed_at": now(), "decided_by": None, "decided_at": None}
        entry = move(locked, "pass_first_review", stamp=stamp, round=round)
        return _review(locked, Decision.PASSED, entry, by, comment, ReviewStep.FIRST)


def send_to_first_review(submission: Submission, *, by: User, round: int, reason: str) -> Review:
    """Give the form back to its first review, with a reason, instead of deciding on it.

    Raises:
        PermissionDenied: ``by`` is no reviewer, had a hand in this form, or reviewed it first.
        ValidationError: no reason.
        StaleState: it isn't at its final review (any more).
    """
    with recorded(by=by, reason=reason):
        locked = _locked(submission, by, round)
        entry = move(locked, "send_to_first_review", stamp=NOT_FIRST_REVIEWED, round=round, reason=reason.strip())
        return _review(locked, Decision.SENT_BACK, entry, by, reason, ReviewStep.FINAL)


def approve(submission: Submission, *, by: User, round: int, comment: str = "", step: str = "") -> Review:
    """Approve the form: every submitted figure is published, beside what was published before.

    ``round`` is the one that the reviewer saw, and ``step`` the level, where they saw one.

    Raises:
        PermissionDenied: ``by`` is no reviewer, or had a hand in this form.
        ValidationError: it has to pass its first review before.
        StaleState: somebody decided first, or the form was withdrawn or came in again meanwhile.
    """
    with recorded(by=by, reason="审核通过"):
        locked = _locked(submission, by, round, step)
        at = locked.review_step
        if at == ReviewStep.FIRST:
            raise ValidationError("这份表须先初审，再由另一人终审，不能直接通过并发布。")
        stamp = {"decided_by": by, "decided_at": now(), "correct_by": None}
        entry = move(locked, "approve", stamp=stamp, round=round, step=str(at))
        review = _review(locked, Decision.APPROVED, entry, by, comment, at)
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
    remarks: Mapping[Figure | ProgressNote, Sequence[str]],
    publish_rest: bool = False,
    comment: str = "",
    step: str = "",
) -> Review:
    """Send the form back with the reasons, one or more, on each figure and note to correct; only these open again.

    The others keep their state, or are published when ``publish_rest`` is asked for. What is published stays so. A
    form can be returned without any remark, for all of its progress notes, when ``comment`` says why. Both levels of
    two may return it, but the first publishes nothing.

    Raises:
        PermissionDenied: ``by`` is no reviewer, or had a hand in this form.
        ValidationError: no reason at all, a figure without one, one that isn't up for decision, or the first of two
            levels is asked to publish.
        StaleState: somebody decided first, or the form was withdrawn or came in again meanwhile.
    """
    reasons = {row: [tidy(text, "reason") for text in texts if text.strip()] for row, texts in remarks.items()}
    with recorded(by=by, reason=_in_one(reasons, comment)):
        locked = _locked(submission, by, round, step)
        at = locked.review_step
        if publish_rest and at == ReviewStep.FIRST:
            raise ValidationError("初审不能发布。请只退回勾选的项，其余随重新提交一并审核。")
        if not reasons and not _sent_notes(locked):
            raise ValidationError("请至少说明一项数据或一份进展说明的退回理由。")
        figures = _among(_submitted(locked), [row for row in reasons if isinstance(row, Figure)])
        notes = _among(_sent_notes(locked), [row for row in reasons if isinstance(row, ProgressNote)])
        stamp = {"decided_by": by, "decided_at": now()}
        counts = {"figures": len(figures), "notes": len(notes)}
        entry = move(locked, "return_for_correction", stamp=stamp, round=round, step=str(at), **counts)
        review = _review(locked, Decision.RETURNED, entry, by, comment, at)
        _return_figures(review, figures, reasons)
        _return_notes(review, notes if reasons else _sent_notes(locked), reasons)
        if publish_rest:
            publish(_submitted(locked), review)
            if reasons:
                _publish_notes(locked, but=notes)
    return review


def _return_figures(review: Review, figures: list[Figure], reasons: Reasons) -> None:
    for figure in figures:
        texts, reported = reasons[figure], shown_in_history(figure)[:200]
        Remark.objects.bulk_create(
            Remark(review=review, figure=figure, text=text, reported=reported) for text in texts
        )
        record("figure.return", figure, reasons=texts, reported=reported)
    keys = [figure.pk for figure in figures]
    Figure.objects.filter(pk__in=keys).update(state=CellState.RETURNED, reply="")


def _return_notes(review: Review, notes: list[ProgressNote], reasons: Reasons) -> None:
    """Open the notes again; without a remark of their own the review's comment is their reason."""
    for note in notes:
        texts, reported = reasons.get(note) or [review.comment], note.shown
        Remark.objects.bulk_create(Remark(review=review, note=note, text=text, reported=reported) for text in texts)
        record("note.return", note, reasons=list(texts))
    ProgressNote.objects.filter(pk__in=[note.pk for note in notes]).update(is_sent=False, reply="")


def withdraw_approval(submission: Submission, *, by: User, reason: str) -> Review:
    """Take one's own approval back, with a reason: what it published counts no longer, what stood before does again.

    Where the form has two levels, it is reviewed at both of them anew.

    Raises:
        PermissionDenied: ``by`` isn't the reviewer who approved it.
        ValidationError: no reason; the organisation has asked for a correction, which is answered first.
        StaleState: the form isn't approved any more.
    """
    with recorded(by=by, reason=reason):
        locked = Submission.objects.locked(submission.pk)
        require(can_withdraw_approval, by, locked)
        if Correction.objects.filter(submission=locked, state=CorrectionState.ASKED).exists():
            raise ValidationError("填报单位已申请更正，请先答复更正申请。")
        approval = Review.objects.filter(submission=locked, decision=Decision.APPROVED).order_by("-at", "-id")[0]
        completed = _completed_by(approval)
        stamp = {"decided_by": None, "decided_at": None, "correct_by": completed.deadline if completed else None}
        entry = move(locked, "withdraw_approval", stamp=stamp | NOT_FIRST_REVIEWED, reason=reason.strip())
        if completed is not None:
            move(completed, "resume")
        review = _review(locked, Decision.WITHDRAWN, entry, by, reason, approval.step)
        values = PublishedValue.objects.filter(review=approval, withdrawn_at=None).select_related("figure__indicator")
        withdrawn = list(values)
        PublishedValue.objects.filter(pk__in=[value.pk for value in withdrawn]).update(withdrawn_at=now())
        figures = [value.figure for value in withdrawn]
        Figure.objects.filter(pk__in=[figure.pk for figure in figures]).update(state=CellState.SUBMITTED)
        _notes_published_by(approval).update(is_published=False)
        for value in withdrawn:
            record("figure.withdraw", value.figure, sequence=value.sequence)
    return review


def _locked(submission: Submission, by: User, round: int, step: str = "") -> Submission:
    """The form as it is now, for a decision on exactly the round, and at the level, that the reviewer saw."""
    locked = Submission.objects.locked(submission.pk)
    require(can_review, by, locked)
    if not locked.is_with_group:
        who = f"{locked.decided_by.name}已办理" if locked.decided_by is not None else "填报单位可能已撤回"
        raise StaleState(f"你打开之后，填报表的状态已变为“{locked.get_state_display()}”（{who}），你的决定没有生效。")
    if locked.round != round:
        raise StaleState(
            f"你打开之后，填报单位重新提交了（现为第 {locked.round} 次提交），你的决定没有生效。请刷新后重新审核。"
        )
    if step and locked.review_step != step:
        raise StaleState(
            f"你打开之后，填报表的状态已变为“{locked.get_state_display()}”（另一位审核人已办理），你的决定没有生效。"
        )
    return locked


def _submitted(submission: Submission) -> list[Figure]:
    rows = Figure.objects.filter(submission=submission, is_owed=True, state=CellState.SUBMITTED)
    return list(rows.select_related("indicator", "period"))


def _review(submission: Submission, decision: Decision, entry: Entry, by: User, comment: str, step: str) -> Review:
    return Review.objects.create(
        submission=submission,
        round=submission.round,
        decision=decision,
        step=step,
        by=by,
        at=now(),
        comment=tidy(comment, "comment"),
        entry=entry,
    )


def _sent_notes(submission: Submission) -> list[ProgressNote]:
    rows = ProgressNote.objects.filter(submission=submission, is_owed=True, is_published=False)
    return list(rows.select_related("task", "project", "section"))


def _publish_notes(submission: Submission, but: Iterable[ProgressNote] = ()) -> None:
    notes = ProgressNote.objects.filter(submission=submission, is_owed=True, is_published=False)
    notes.exclude(pk__in=[note.pk for note in but]).update(is_published=True)


def _completed_by(approval: Review) -> Correction | None:
    """The correction that this very approval completed: what it published is up for decision again."""
    kind = ContentType.objects.get_for_model(Correction)
    done = Entry.objects.filter(subject_type=kind, event="correction.complete", change=approval.entry.change_id)
    return Correction.objects.filter(pk__in=done.values("subject_id"), state=CorrectionState.DONE).first()


def _notes_published_by(approval: Review) -> QuerySet[ProgressNote]:
    """The notes that this very approval published; what an earlier decision published stays."""
    versions = ProgressNote.history.model.objects.filter(
        submission_id=approval.submission_id, is_published=True, change_id=approval.entry.change_id
    )
    return ProgressNote.objects.filter(pk__in=versions.values("id"), is_published=True)


def _in_one(reasons: Reasons, comment: str) -> str:
    """Every reason of a return in one text, as the change keeps it."""
    empty = [key for key, texts in reasons.items() if not texts]
    if empty:
        raise ValidationError(f"有 {len(empty)} 项勾选了退回而没有理由。请为每一项至少选择或填写一条理由。")
    texts = [*dict.fromkeys(text for each in reasons.values() for text in each), comment.strip()]
    if any(is_only_a_number(text) for text in texts):
        raise ValidationError("理由不能只是一个数：请写明疑问，请对方核实；数由填报单位自己填。")
    told = "；".join(text for text in texts if text)
    if not told:
        raise ValidationError("请至少说明一项数据或一份进展说明的退回理由。")
    return told[:10_000]


def _among(open_ones: list[Row], asked: list[Row]) -> list[Row]:
    """Return the rows that are asked for, as they are now.

    Raises:
        ValidationError: one of them isn't up for decision.
    """
    keys = {row.pk for row in asked}
    found = [row for row in open_ones if row.pk in keys]
    if len(found) != len(keys):
        raise ValidationError("勾选的内容中有不在这次审核范围内的，请刷新后重新勾选。")
    return found
