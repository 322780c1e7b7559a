"""What the streets report of an indicator, beside the figure that is reported for all of them (分街道)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from arithmetic.shown import number_on_screen
from indicators.models import QuantityKind
from organisations.models import OrganisationKind, Provenance
from submissions.models import Answer, Figure, PublishedValue
from submissions.models.figure import Reading
from submissions.states import CellState, State

NOT_ADDED = {QuantityKind.RATIO, QuantityKind.GROWTH}
SENT = {CellState.SUBMITTED, CellState.APPROVED}


@dataclass(frozen=True)
class Part:
    """One street's figure, or None where it hasn't come in; drafts stay with those who write them."""

    street: str
    reading: Reading | None

    @property
    def shown(self) -> str:
        return self.reading.shown if self.reading is not None else "未报"


@dataclass(frozen=True)
class StreetParts:
    """The streets' figures for one indicator and period."""

    parts: tuple[Part, ...]

    @property
    def come_in(self) -> int:
        return sum(part.reading is not None for part in self.parts)

    @property
    def is_complete(self) -> bool:
        return self.come_in == len(self.parts)

    @property
    def is_assumed(self) -> bool:
        return any(part.reading is not None and part.reading.provenance == Provenance.ASSUMED for part in self.parts)

    @property
    def total(self) -> Decimal | None:
        """The sum of what has come in; None before the first number."""
        values = [part.reading.value for part in self.parts if part.reading is not None]
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if known else None

    @property
    def total_shown(self) -> str:
        return number_on_screen(self.total) if self.total is not None else "—"

    def difference_in_words(self, value: Decimal, unit: str) -> str:
        """The difference from the figure for all, with its size; empty where there is none or parts are missing."""
        total = self.total
        if total is None or not self.is_complete or total == value:
            return ""
        share = f"（{number_on_screen(abs(value - total) / abs(value) * 100, places=1)}%）" if value else ""
        size = f"{number_on_screen(abs(value - total))} {unit}".strip()
        return f"本单位所报 {number_on_screen(value)}，{len(self.parts)} 个街道合计 {number_on_screen(total)}，相差 {size}{share}"


class Streets:
    """The streets' figures beside some figures that aren't streets' own; two queries, however many."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self._parts: dict[tuple[int, int], list[Part]] = defaultdict(list)
        wanted = [figure for figure in figures if _may_have_parts(figure)]
        if not wanted:
            return
        rows = Figure.objects.filter(
            indicator__in={figure.indicator_id for figure in wanted},
            period__in={figure.period_id for figure in wanted},
            organisation__kind=OrganisationKind.STREET,
            is_owed=True,
        ).select_related("organisation", "submission")
        found = list(rows.order_by("organisation__position", "organisation__code"))
        published = _published([row for row in found if not _is_sent(row)])
        for row in found:
            reading = row if _is_sent(row) and row.answer != Answer.BLANK else published.get(row.pk)
            street = row.organisation.short_name or row.organisation.name
            self._parts[row.indicator_id, row.period_id].append(Part(street, reading))

    def of(self, figure: Figure) -> StreetParts | None:
        """The parts of a figure; None where no street reports the same."""
        parts = self._parts.get((figure.indicator_id, figure.period_id)) if _may_have_parts(figure) else None
        return StreetParts(tuple(parts)) if parts else None


def _may_have_parts(figure: Figure) -> bool:
    return figure.organisation.kind != OrganisationKind.STREET and figure.indicator.kind not in NOT_ADDED


def _is_sent(figure: Figure) -> bool:
    """Whether it has left its organisation: what waits for the head hasn't."""
    return figure.state in SENT and figure.submission.state != State.AWAITING_HEAD


def _published(figures: Sequence[Figure]) -> dict[int, PublishedValue]:
    """What stands published of figures that are open again, by figure."""
    if not figures:
        return {}
    values = PublishedValue.objects.filter(figure__in=figures, withdrawn_at=None)
    return {value.figure_id: value for value in values.order_by("sequence")}
