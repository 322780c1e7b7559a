"""One progress note of the form, and what its head says."""

from dataclasses import dataclass, field

from submissions.attached import Attached
from submissions.form_rows.status import Status, saved_at, was_changed_since
from submissions.models import (
    Evidence,
    ProgressNote,
    Remark,
    State,
    Submission,
)


@dataclass
class NoteRow:
    """One progress note of the form."""

    note: ProgressNote
    is_editable: bool
    evidence: list[Evidence] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_returned(self) -> bool:
        """Whether it was sent back with reasons of its own, and isn't published since."""
        return bool(self.remarks) and not self.note.is_published

    @property
    def title(self) -> str:
        return str(self.note.task or self.note.project or self.note.section)

    @property
    def kind(self) -> str:
        if self.note.section_id:
            return "自评报告"
        return "重点任务" if self.note.task_id else "重大项目"

    @property
    def status(self) -> Status:
        note = self.note
        if note.is_published:
            return Status("ok", "已通过，不可改")
        if not self.is_editable:
            if note.is_sent or note.submission.is_with_group or note.submission.state == State.AWAITING_HEAD:
                return Status("sent", "已提交，不可改")
            return Status("todo", "未填") if note.is_blank else Status("saved", "已填")
        if self.remarks and not was_changed_since(note, self.remarks, self.evidence):
            return Status("back", "已退回，待修改", "退回")
        if note.is_blank:
            return Status("todo", "待填", "待填")
        if note.section_id and not note.progress:
            return Status("none", "选填，未写")
        return Status("saved", f"已保存{saved_at(note)}")


def note_rows(submission: Submission, *, may_edit: bool, attached: Attached | None = None) -> list[NoteRow]:
    notes = ProgressNote.objects.filter(submission=submission, is_owed=True).select_related(
        "submission", "task__chapter", "project", "section"
    )
    attached = attached or Attached(submission)
    return [
        NoteRow(
            note,
            may_edit and submission.is_editable and note.is_editable,
            attached.evidence(note=note.pk),
            attached.remarks(note=note.pk),
        )
        for note in notes.order_by("task__chapter__number", "task__number", "project__number", "section__number")
    ]
