"""What a form would send if it were submitted now: what is missing, what is odd, what is in it."""

from dataclasses import dataclass
from decimal import Decimal

from arithmetic.shown import signed_on_screen
from indicators.models import QuantityKind
from submissions.checks import Finding, missing_in
from submissions.checks.compared import Compared
from submissions.models import Figure, Submission
from submissions.queries.review import NoteRow, Row, under_review
from submissions.states import EDITABLE_CELLS, CellState


@dataclass(frozen=True)
class Sent:
    """One figure of the form, beside the value of the last period."""

    row: Row
    change: Decimal | None

    @property
    def figure(self) -> Figure:
        return self.row.figure

    @property
    def is_sent(self) -> bool:
        """Whether it goes out with this submission; approved cells and those that were not returned don't."""
        return self.figure.state in EDITABLE_CELLS or self.figure.state == CellState.SUBMITTED

    @property
    def change_shown(self) -> str:
        """The change since the last period: of a ratio in percentage points, else in the indicator's unit."""
        if self.change is not None and self.figure.indicator.kind in (QuantityKind.RATIO, QuantityKind.GROWTH):
            return f"{signed_on_screen(self.change)} 个百分点"
        return signed_on_screen(self.change)


@dataclass(frozen=True)
class Outgoing:
    missing: list[Finding]
    unexplained: list[Finding]
    explained: list[Finding]
    figures: list[Sent]
    notes: list[NoteRow]

    @property
    def has_self_report(self) -> bool:
        return any(row.note.section_id is not None for row in self.notes)

    @property
    def is_ready(self) -> bool:
        return not self.missing and not self.unexplained

    @property
    def explained_count(self) -> int:
        return len(self.explained)

    @property
    def sent_count(self) -> int:
        return sum(each.is_sent for each in self.figures)


def outgoing(form: Submission) -> Outgoing:
    """Return what the form lacks and what it would send; the queries don't grow with its cells."""
    page = under_review(form)
    rows = sorted(page.rows, key=lambda row: _place(row.figure))
    odd = [finding for row in rows for finding in row.oddities if row.figure.state != CellState.APPROVED]
    unexplained = [
        finding
        for finding in odd
        if finding.figure is not None and finding.figure.is_editable and not finding.is_explained
    ]
    return Outgoing(
        missing=missing_in(form) if form.is_editable else [],
        unexplained=unexplained,
        explained=[finding for finding in odd if finding not in unexplained],
        figures=[Sent(row, _change(row)) for row in rows],
        notes=page.notes,
    )


def _place(figure: Figure) -> tuple[int, int]:
    category = figure.indicator.category
    return (category.number if category is not None else 99, figure.indicator.number)


def _change(row: Row) -> Decimal | None:
    """The difference where the two can be compared: a year-to-date value starts anew each January."""
    value = row.figure.value
    before = Compared(row.figure, value, row.last).before if value is not None else None
    return None if value is None or before is None else value - before
