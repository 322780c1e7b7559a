"""Saving the words beside the numbers."""

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.moves import StaleState
from audit.recording import record, recorded
from organisations.models import Provenance, User
from organisations.permissions import require
from submissions.actions.cells import require_open, take_up
from submissions.actions.typed import tidy
from submissions.models import ProgressNote, ProgressState, Submission
from submissions.permissions import can_fill_in


class NoteConflict(ValidationError):
    """Somebody else saved the note meanwhile, and it differs; ``current`` is the note as they saved it."""

    def __init__(self, current: ProgressNote) -> None:
        who = current.saved_by.name if current.saved_by is not None else "他人"
        super().__init__(
            f"{who}刚刚修改过这一项，你的内容还没有保存。请核对两人所填，再决定保留哪一个。", code="conflict"
        )
        self.current = current


def save_note(
    note: ProgressNote,
    *,
    by: User,
    revision: int,
    state: str,
    progress: str,
    problems: str = "",
    next_step: str = "",
    reply: str = "",
    provenance: str = Provenance.REPORT,
) -> ProgressNote:
    """Save a progress note, or a section of the self-report, as a whole; what is saved already is no change. ``provenance`` marks what is assumed.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form or the note isn't open for editing.
        NoteConflict: another revision is saved, and it says something else.
        ValidationError: an unknown state, or text that can't be kept.
    """
    with recorded(by=by, reason="填写自评报告" if note.section_id else "填写进展说明"):
        locked = locked_note(note, by)
        columns = note_columns(state=state, progress=progress, problems=problems, next_step=next_step, reply=reply)
        if locked.section_id is not None and (state or columns["problems"] or columns["next_step"]):
            raise ValidationError("自评报告的一个部分只有正文。")
        if all(getattr(locked, name) == value for name, value in columns.items()):
            return locked
        if revision != locked.revision:
            raise NoteConflict(locked)
        take_up(locked.submission, by)
        written = columns | {"provenance": provenance}
        for name, value in written.items():
            setattr(locked, name, value)
        locked.revision += 1
        locked.saved_by, locked.saved_at = by, now()
        locked.save(update_fields=[*written, "revision", "saved_by", "saved_at"])
        record("note.save", locked)
        return locked


def note_columns(*, state: str, progress: str, problems: str, next_step: str, reply: str) -> dict[str, str]:
    """Return the columns that a note's words mean; nothing is written.

    Raises:
        ValidationError: an unknown state, or text that can't be kept.
    """
    if state not in ProgressState.values:
        raise ValidationError({"state": "请从列表中选择进展状态。"})
    return {
        "state": state,
        "progress": tidy(progress, "progress"),
        "problems": tidy(problems, "problems"),
        "next_step": tidy(next_step, "next_step"),
        "reply": tidy(reply, "reply"),
    }


def locked_note(note: ProgressNote, by: User) -> ProgressNote:
    """Return the note as it is now, its form locked; refuse whoever or whatever may not change it.

    Raises:
        PermissionDenied, StaleState: as ``save_note``.
    """
    submission = Submission.objects.locked(note.submission_id)
    require(can_fill_in, by, submission)
    locked = ProgressNote.objects.select_related("task", "project", "section", "saved_by").get(pk=note.pk)
    locked.submission = submission
    require_open(submission)
    if not locked.is_editable:
        raise StaleState(f"这份进展说明{_shut(locked)}，不能修改。")
    return locked


def _shut(note: ProgressNote) -> str:
    if not note.is_owed:
        return "不再应填"
    return "已经发布" if note.is_published else "已经提交，没有退回"
