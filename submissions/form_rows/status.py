"""The state under a cell or in the head of a note, in the words of the screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone

from audit.clock import today
from submissions.models import (
    Answer,
    CellState,
    Evidence,
    Figure,
    ProgressNote,
    Remark,
)

if TYPE_CHECKING:
    from submissions.form_rows.cell import CellRow

ONE_LINE = 11  # characters of a state under a cell


@dataclass(frozen=True)
class Status:
    """What stands under a cell: the class of its shape and its words; ``to_do`` names the pile it is counted in."""

    kind: str
    words: str
    to_do: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it takes two lines under a cell."""
        return len(self.words) > ONE_LINE


_FIXED = {
    CellState.SUBMITTED: Status("sent", "已提交，不可改"),
    CellState.APPROVED: Status("ok", "已通过，不可改"),
}
_ANSWERED = {Answer.ZERO: ("zero", "确认为零"), Answer.NO_DATA: ("nodata", "无数据")}


def status_of(row: "CellRow") -> Status:
    """The state of a cell as it is saved, in the words of the screen."""
    figure = row.figure
    state = CellState(figure.state)
    if state in _FIXED:
        return _FIXED[state]
    if not row.is_editable:
        kind = "todo" if figure.answer == Answer.BLANK else "saved"
        return Status(kind, CellState(state).label)
    if state == CellState.RETURNED and not was_changed_since(figure, row.remarks, row.evidence):
        return Status("back", "已退回，待修改", "退回")
    if figure.answer == Answer.BLANK:
        return Status("todo", "待填", "待填")
    if row.unexplained:
        return Status("warn", f"已保存{saved_at(figure)}，需说明", "需说明")
    if figure.answer in _ANSWERED:
        kind, words = _ANSWERED[Answer(figure.answer)]
        return Status(kind, f"{words}，已保存{saved_at(figure)}")
    if figure.is_same_as_before:
        return Status("saved", f"与上期相同，已保存{saved_at(figure)}")
    if state == CellState.CORRECTING and figure.saved_at is None:
        return Status("fix", "更正中", "更正")
    return Status("saved", f"已保存{saved_at(figure)}")


def was_changed_since(saved: Figure | ProgressNote, remarks: Sequence[Remark], evidence: Sequence[Evidence]) -> bool:
    """Whether a returned cell or note was saved, or got a file, after its return."""
    if not remarks:
        return True
    since = remarks[0].review.at
    moments = [saved.saved_at, *(each.added_at for each in evidence)]
    return any(moment is not None and moment >= since for moment in moments)


def saved_at(row: Figure | ProgressNote) -> str:
    """`` 14:32`` today, `` 7月12日 14:32`` on another day; nothing where it was never saved."""
    if row.saved_at is None:
        return ""
    moment = timezone.localtime(row.saved_at)
    clock = f"{moment:%H:%M}"
    return f" {clock}" if moment.date() == today() else f" {moment.month}月{moment.day}日 {clock}"
