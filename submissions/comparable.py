"""Which earlier value may stand beside a later one: it counts the same, over a stretch of the same length."""

from dataclasses import dataclass
from datetime import date

from arithmetic.as_of import AsOf, Precision
from indicators.models import QuantityKind
from plans.models import PeriodKind, ReportingPeriod
from submissions.models.figure import Reading

AT_A_MOMENT = frozenset({QuantityKind.STOCK, QuantityKind.SINCE_START})
"""Kinds whose values don't grow with the length of a period."""
FROM_JANUARY = frozenset({QuantityKind.YEAR_TO_DATE, QuantityKind.ANNUAL})
"""Kinds that count from January, whatever day their period begins."""
RELATIVE = frozenset({QuantityKind.RATIO, QuantityKind.GROWTH})
"""Kinds in percent, compared in percentage points."""


@dataclass(frozen=True)
class Span:
    """What a value speaks of: from a first day to the day that it is true of."""

    starts_on: date
    until: date
    name: str = ""

    @property
    def months(self) -> int:
        return (self.until.year - self.starts_on.year) * 12 + self.until.month - self.starts_on.month + 1


def span_of(reading: Reading, period: ReportingPeriod) -> Span:
    """Return the stretch that a figure or published value of the period speaks of.

    Its own as-of date counts where it is earlier than the period's end. A special round has no length of its own: what
    is handed in with it counts from January, and so does a value from before its period.
    """
    until = min(as_of_of(reading) or period.ends_on, period.ends_on)
    from_january = period.kind == PeriodKind.SPECIAL or period.starts_on > until
    return Span(until.replace(month=1, day=1) if from_january else period.starts_on, until, period.name)


def as_of_of(reading: Reading) -> date | None:
    if reading.as_of is None:
        return None
    return AsOf(reading.as_of, Precision(reading.as_of_precision or Precision.DAY)).last_day


def may_follow(kind: str, later: Span, earlier: Span) -> bool:
    """Whether the earlier value may be called the last one (上期) before the later.

    A stock, and what is counted since the plan began: any. Year to date: of the same year, since it starts anew each
    January. A year's value: of years up to the same month. A flow: over as many months. A ratio: over as many months,
    or from the same first day.
    """
    if earlier.until >= later.until:
        return False
    if kind in AT_A_MOMENT:
        return True
    if kind == QuantityKind.YEAR_TO_DATE:
        return earlier.until.year == later.until.year
    if kind == QuantityKind.ANNUAL:
        return earlier.until.month == later.until.month
    return earlier.months == later.months or (kind in RELATIVE and earlier.starts_on == later.starts_on)


def is_year_before(kind: str, later: Span, earlier: Span) -> bool:
    """Whether the earlier value is that of the same period of the year before (上年同期)."""
    if (earlier.until.year, earlier.until.month) != (later.until.year - 1, later.until.month):
        return False
    return kind in AT_A_MOMENT | FROM_JANUARY or earlier.months == later.months
