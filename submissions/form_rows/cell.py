"""One cell of the form with everything that its row shows, and why it was not saved."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from arithmetic.growth import nominal_growth
from arithmetic.shown import growth, number_on_screen, percentage_points, signed_on_screen
from indicators.models import Expectation, Indicator, QuantityKind, TargetForm
from organisations.models import Provenance
from submissions.beside import MORE, Beside, beside, differences
from submissions.checks import Finding
from submissions.checks.cell import PartFacts
from submissions.checks.compared import Compared
from submissions.form_rows.shown import shown_value, target_on_screen
from submissions.form_rows.status import Status, status_of
from submissions.models import (
    Answer,
    CellState,
    Evidence,
    Figure,
    PublishedValue,
    Remark,
)
from submissions.models.figure import CAN_STAY, YES_OR_NO
from submissions.queries.same_number import SameNumber
from submissions.queries.streets import StreetParts
from submissions.words import texts_of

GROWING = {QuantityKind.YEAR_TO_DATE, QuantityKind.ANNUAL, QuantityKind.PERIOD}
RELATIVE = {QuantityKind.RATIO, QuantityKind.GROWTH}


@dataclass
class CellRow:
    """One cell of the form with everything that its row shows."""

    figure: Figure
    is_editable: bool
    previous: PublishedValue | None = None
    last_year: PublishedValue | None = None
    remarks: list[Remark] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    streets: StreetParts | None = None
    asked_parts: Sequence[PartFacts] = ()
    refusal: "Refusal | None" = None
    same: SameNumber | None = None
    """What the organisation said already of the same quantity and day, in another form."""

    @cached_property
    def key(self) -> str:
        """The figure's key as it stands in the page."""
        return str(self.figure.pk)

    @cached_property
    def name(self) -> str:
        return self.indicator.name

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def group(self) -> str:
        """The head under which the row stands: its category, task or project."""
        indicator = self.indicator
        return str(indicator.category or indicator.task or indicator.project)

    @cached_property
    def is_answered_otherwise(self) -> bool:
        """Whether a word stands in the cell instead of a number that could be typed over."""
        return self.figure.answer in (Answer.ZERO, Answer.NO_DATA) or (
            self.figure.answer == Answer.VALUE and not self.is_editable
        )

    @property
    def fields(self) -> dict[str, str]:
        """What stands in the row's fields: as it is saved, or as it was typed and refused."""
        return self._saved | (self.refusal.typed if self.refusal is not None else {})

    @cached_property
    def _saved(self) -> dict[str, str]:
        return texts_of(self.figure)

    @property
    def shown(self) -> str:
        """The cell where it can't be edited."""
        return shown_value(self.figure)

    @property
    def previous_shown(self) -> str:
        return shown_value(self.previous) if self.previous is not None else "—"

    @property
    def last_year_shown(self) -> str:
        if self.figure.last_year_value is not None:
            return number_on_screen(self.figure.last_year_value)
        return shown_value(self.last_year) if self.last_year is not None else "—"

    @property
    def target_shown(self) -> str:
        return target_on_screen(self.indicator)

    @property
    def change(self) -> tuple[str, ...]:
        """The change from the last period, computed from the two values: the difference, and its share."""
        return change_of(self)

    @property
    def change_on_year(self) -> str:
        """The change from the same period of last year, in percent or percentage points; empty without one."""
        before = self.figure.last_year_value
        if before is None and self.last_year is not None:
            before = self.last_year.value
        value = self.figure.value
        if value is None or before is None or self.is_yes_or_no:
            return ""
        if self.indicator.kind in RELATIVE:
            points = value - before
            return "同比持平" if not points else f"同比{'+' if points > 0 else '−'}{percentage_points(abs(points))}"
        rate = nominal_growth(value, before)
        return f"同比{growth(rate)}" if rate is not None else ""

    @cached_property
    def changes(self) -> list[str]:
        """The lines of the column 变化: against the last period, and below against the same period of last year."""
        return [*self.change, *([self.change_on_year] if self.change_on_year else [])]

    @cached_property
    def is_yes_or_no(self) -> bool:
        return self.indicator.target_form == TargetForm.YES_NO

    @property
    def yes_or_no(self) -> list[str]:
        """The two answers to a question whether something is done."""
        return list(YES_OR_NO)

    @property
    def asks_growth(self) -> bool:
        return self.indicator.kind in GROWING

    @property
    def last_year_is_assumed(self) -> bool:
        if self.figure.last_year_value is not None:
            return False
        return self.last_year is not None and self.last_year.provenance == Provenance.ASSUMED

    @property
    def beside(self) -> list[Beside]:
        """What is said beside the number, where it is only read."""
        return [] if self.is_editable else beside(self.figure, self.indicator.unit)

    @property
    def opens_more(self) -> bool:
        """Whether something stands in the fields that are folded otherwise."""
        return any(self.fields[name] for name in MORE)

    @property
    def expectations(self) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Expectation.choices]

    @property
    def has_lines(self) -> bool:
        """Whether something stands in lines of their own under the cell."""
        return self.is_editable or bool(self.parts or self.is_returned or self.beside)

    @property
    def may_stay(self) -> bool:
        """Whether 与上期相同 is an answer: for a stock, not for a flow."""
        return self.previous is not None and self.previous.value is not None and self.indicator.kind in CAN_STAY

    @cached_property
    def earlier_explanation(self) -> str:
        """What was said of the last period's value: a starting point for this one's explanation."""
        return self.previous.explanation.strip() if self.previous is not None else ""

    @property
    def is_carried(self) -> bool:
        """Whether the explanation is still word for word that of the last period."""
        return bool(self.earlier_explanation) and self.figure.explanation.strip() == self.earlier_explanation

    @cached_property
    def parts(self) -> list[tuple[str, str, str]]:
        """Name, unit and number as typed of each part of a composite value."""
        given = {part["name"]: part["value"] for part in self.figure.parts}
        return [(part.name, part.unit, given.get(part.name, "")) for part in self.asked_parts]

    @property
    def parts_total(self) -> Decimal | None:
        """The sum of the parts, where there are some and all may be added."""
        if not self.figure.parts or not all(part.may_be_added for part in self.asked_parts):
            return None
        return sum((Decimal(part["value"]) for part in self.figure.parts), Decimal(0))

    @cached_property
    def is_returned(self) -> bool:
        return self.figure.state == CellState.RETURNED and bool(self.remarks)

    @cached_property
    def unexplained(self) -> list[Finding]:
        return [each for each in self.findings if not each.is_explained] if self.is_editable else []

    @property
    def street_difference(self) -> str:
        value = self.figure.value
        if self.streets is None or value is None:
            return ""
        return self.streets.difference_in_words(value, self.indicator.unit)

    @cached_property
    def shown_findings(self) -> list[Finding]:
        """What stands under the row; the streets' difference stands with their figures."""
        return [each for each in self.findings if each.kind != "differs_from_streets"]

    @cached_property
    def status(self) -> Status:
        return status_of(self)


@dataclass(frozen=True)
class Refusal:
    """Why a cell was not saved, with what was typed: shown under its row."""

    typed: dict[str, str]
    messages: tuple[str, ...]
    needs_confirmation: bool = False
    current: Figure | None = None
    """The cell as somebody else saved it meanwhile."""

    @property
    def current_shown(self) -> str:
        return shown_value(self.current) if self.current is not None else ""

    @property
    def differences(self) -> list[Beside]:
        """What the other person saved differently beside the number."""
        return differences(self.typed, texts_of(self.current)) if self.current is not None else []

    @property
    def differs_in_value(self) -> bool:
        return self.current is not None and texts_of(self.current)["value_text"] != self.typed.get("value_text", "")


def change_of(row: CellRow) -> tuple[str, ...]:
    """The difference from the last period where the two can be compared, and below it the growth in percent.

    Ratios: percentage points alone. Year-to-date values start anew each January and aren't compared across it.
    """
    value = row.figure.value
    before = Compared(row.figure, value, row.previous).before if value is not None else None
    if value is None or before is None or row.is_yes_or_no:
        return ("—",)
    if value == before:
        return ("持平",)
    if row.indicator.kind in RELATIVE:
        return (f"{'+' if value > before else '−'}{percentage_points(abs(value - before))}",)
    rate = nominal_growth(value, before)
    return (signed_on_screen(value - before), *((growth(rate),) if rate is not None else ()))
