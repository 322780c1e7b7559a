"""One number, one source (一数一源): what an organisation said of the same quantity and day in another of its forms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Q

from arithmetic.shown import number_on_screen
from indicators.models import Indicator
from submissions.comparable import AT_A_MOMENT, FROM_JANUARY, Span, span_of
from submissions.models import Answer, CellState, Figure, State, Submission
from submissions.models.figure import YES_OR_NO

ASKING = frozenset({CellState.TO_FILL, CellState.FILLED})
"""Cells to which something is offered: not those that are corrected, whose old number is in doubt."""
GIVEN = (CellState.APPROVED, CellState.SUBMITTED, CellState.FILLED)
"""States of cells that something is taken from, the surest first."""


@dataclass(frozen=True)
class SameNumber:
    """What was reported already, in another form of the organisation, and how far it is there."""

    origin: Figure

    @property
    def shown(self) -> str:
        value, printed = self.origin.value, self.origin.value_printed
        return number_on_screen(value) if value is not None and printed not in YES_OR_NO else self.origin.shown

    @property
    def where(self) -> str:
        return f"《{self.origin.period.plan.display_name}》{self.origin.period.name}"

    @property
    def state(self) -> str:
        """How far it is there; what is only typed isn't handed in yet."""
        state = CellState(self.origin.state)
        return "已填，未提交" if state == CellState.FILLED else state.label

    @property
    def lacks_definition(self) -> bool:
        """Whether two plans agree in name and unit, and neither says how it counts."""
        return not self.origin.indicator.definition.strip()

    def differs_from(self, figure: Figure) -> bool:
        return (figure.answer, figure.value) != (self.origin.answer, self.origin.value)


def same_numbers(submission: Submission, figures: Iterable[Figure]) -> dict[int, SameNumber]:
    """Return by cell what the organisation said already of the same quantity, to the same day; one query for the form.

    The same quantity is the same indicator, or one of another plan with its name, unit, kind and definition. A flow
    must also begin on the same day. Cells that say the same already are left out.
    """
    asking = {each.pk: (each, span_of(each, each.period)) for each in figures if each.state in ASKING}
    if not asking:
        return {}
    days = {span.until for _, span in asking.values()}
    found: dict[int, SameNumber] = {}
    by_quantity = _by_quantity(_reported(submission, [each.indicator for each, _ in asking.values()], days))
    for key, (figure, span) in asking.items():
        for origin in by_quantity.get(_quantity(figure.indicator), ()):
            offer = SameNumber(origin)
            if _is_same_span(figure.indicator.kind, span, span_of(origin, origin.period)):
                if offer.differs_from(figure):
                    found[key] = offer
                break
    return found


def _reported(submission: Submission, indicators: list[Indicator], days: Iterable[object]) -> Iterable[Figure]:
    """What the organisation answered in its other forms, to one of the days; the surest and newest first."""
    until_its_end = Q(as_of=None) | Q(as_of__gt=F("period__ends_on"))
    rows = Figure.objects.filter(
        Q(as_of__in=days) | (until_its_end & Q(period__ends_on__in=days)),
        Q(indicator__in=indicators) | Q(indicator__name__in={each.name for each in indicators}),
        organisation=submission.organisation_id,
        is_owed=True,
        state__in=GIVEN,
    )
    rows = rows.exclude(submission=submission).exclude(submission__state=State.RETIRED).exclude(answer=Answer.BLANK)
    found = rows.select_related("indicator", "period__plan").order_by("-saved_at", "-pk")
    return sorted(found, key=lambda each: GIVEN.index(CellState(each.state)))


Quantity = tuple[str, str, str, str]


def _quantity(indicator: Indicator) -> Quantity:
    """What is counted, in which unit, by which definition; spaces don't matter."""
    return indicator.name.strip(), indicator.unit.strip(), indicator.kind, "".join(indicator.definition.split())


def _by_quantity(figures: Iterable[Figure]) -> Mapping[Quantity, list[Figure]]:
    found: dict[Quantity, list[Figure]] = {}
    for each in figures:
        found.setdefault(_quantity(each.indicator), []).append(each)
    return found


def _is_same_span(kind: str, mine: Span, other: Span) -> bool:
    if mine.until != other.until:
        return False
    return kind in AT_A_MOMENT | FROM_JANUARY or mine.starts_on == other.starts_on
