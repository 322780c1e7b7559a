"""What a reviewer ticked and typed on the page of a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from submissions.models import Figure, ProgressNote
from submissions.queries.review import NoteRow, Row, UnderReview
from submissions.states import ReviewStep

REASONS = (
    "口径与规划不一致，请核实",
    "与来源单位数据不一致，请核实",
    "缺少佐证材料",
    "单位或小数位可能有误，请核实",
)
APPROVE, RETURN, RETURN_AND_PUBLISH = "approve", "return", "return_and_publish"
PASS, SEND_BACK = "pass", "send_back"  # where there are two levels: of the first, of the final one
OFFERED = {
    ReviewStep.ONLY: (APPROVE, RETURN, RETURN_AND_PUBLISH),
    ReviewStep.FIRST: (PASS, RETURN),
    ReviewStep.FINAL: (APPROVE, RETURN, RETURN_AND_PUBLISH, SEND_BACK),
}


NOTE_REASONS = (
    "进展与数据不一致，请核实",
    "内容不具体，请补充",
    "没有说明问题或下一步安排",
    "缺少佐证材料",
)


@dataclass(frozen=True)
class Choice:
    """A figure or a progress note under review, with what the reviewer ticked and typed about it."""

    row: Row | NoteRow
    is_ticked: bool = False
    chosen: Sequence[str] = ()
    text: str = ""

    @property
    def subject(self) -> Figure | ProgressNote:
        return self.row.figure if isinstance(self.row, Row) else self.row.note

    @property
    def key(self) -> str:
        """What names it in the page's fields."""
        return key_of(self.row)

    @property
    def name(self) -> str:
        return self.row.figure.indicator.name if isinstance(self.row, Row) else str(self.row.note.subject)

    @property
    def offered(self) -> list[tuple[str, bool]]:
        return [(reason, reason in self.chosen) for reason in offered_for(self.row)]

    @property
    def reasons(self) -> list[str]:
        return [text for text in (*self.chosen, self.text.strip()) if text]


@dataclass(frozen=True)
class Typed:
    """A decision as it was sent; ``round`` and ``step`` are those that the page showed."""

    decision: str = ""
    round: int = 0
    step: str = ""
    comment: str = ""
    is_confirmed: bool = False
    choices: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def ticked(self) -> list[Choice]:
        return [choice for choice in self.choices.values() if choice.is_ticked]

    @property
    def remarks(self) -> dict[Figure | ProgressNote, list[str]]:
        return {choice.subject: choice.reasons for choice in self.ticked}

    def of(self, row: Row | NoteRow) -> Choice:
        return self.choices[key_of(row)]

    @property
    def publishes(self) -> bool:
        return self.decision in (APPROVE, RETURN_AND_PUBLISH)

    @property
    def published(self) -> list[Row]:
        """The figures that would be published."""
        return [row for row in self._kept if isinstance(row, Row)]

    @property
    def published_notes(self) -> list[ProgressNote]:
        return [] if self.returned_notes else self._kept_notes

    @property
    def returned_notes(self) -> list[ProgressNote]:
        """The notes that go back by the comment alone: all of them, where nothing is ticked."""
        return [] if self.ticked or self.decision in (APPROVE, PASS, SEND_BACK) else self._kept_notes

    @property
    def returned_count(self) -> int:
        return len(self.ticked) + len(self.returned_notes)

    @property
    def _kept(self) -> list[Row | NoteRow]:
        return [choice.row for choice in self.choices.values() if choice.row.is_open and not choice.is_ticked]

    @property
    def _kept_notes(self) -> list[ProgressNote]:
        return [row.note for row in self._kept if isinstance(row, NoteRow)]


def key_of(row: Row | NoteRow) -> str:
    return str(row.figure.pk) if isinstance(row, Row) else f"n{row.note.pk}"


def offered_for(row: Row | NoteRow) -> tuple[str, ...]:
    return REASONS if isinstance(row, Row) else NOTE_REASONS


def read(page: UnderReview, sent: QueryDict) -> Typed:
    """Read what was sent about the form's open figures and notes; anything else that was sent is ignored."""
    ticked = set(sent.getlist("return"))
    rows: list[Row | NoteRow] = [*page.rows, *page.notes]
    choices = {
        key_of(row): Choice(
            row,
            is_ticked=row.is_open and key_of(row) in ticked,
            chosen=tuple(text for text in sent.getlist(f"reason-{key_of(row)}") if text in offered_for(row)),
            text=sent.get(f"text-{key_of(row)}", ""),
        )
        for row in rows
    }
    number = sent.get("round", "")
    return Typed(
        decision=sent.get("decision", ""),
        round=int(number) if number.isdecimal() and len(number) < 5 else 0,
        step=sent.get("step", ""),
        comment=sent.get("comment", ""),
        is_confirmed=sent.get("confirmed") == "1",
        choices=choices,
    )
