"""Which published value of an indicator stands for it on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from arithmetic.as_of import AsOf, Precision
from responsibilities.models import Part
from submissions.models import PublishedValue

_RANKS = {Part.LEAD: 0, Part.DATA_SOURCE: 1, Part.SUPPORT: 2}
_NOBODY = 3


@dataclass(frozen=True)
class Point:
    """A published value with the day it is true of; ``as_of`` falls back to the end of its period."""

    published: PublishedValue
    as_of: AsOf

    @property
    def day(self) -> date:
        return self.as_of.last_day

    @property
    def has_value(self) -> bool:
        return self.published.value is not None


def as_of_of(published: PublishedValue) -> AsOf:
    """Return the value's own as-of date in its precision, else the last day of its period."""
    if published.as_of is None:
        return AsOf(published.period.ends_on)
    precision = Precision(published.as_of_precision) if published.as_of_precision else Precision.DAY
    return AsOf(published.as_of, precision)


def series_of(
    values: Iterable[PublishedValue], parts: dict[int, str], *, until: date, is_annual_flow: bool
) -> tuple[Point, ...]:
    """Return an indicator's points up to a day, oldest first, one for each day.

    ``values`` are all its published values, ``parts`` the part (lead, data source, support) that each organisation
    has in it: only the organisation nearest to the lead counts, so that the parts of streets never stand for the
    whole. Of several publications of a figure the last one counts. An annual flow has points at ends of years, and
    the newest one within a year.
    """
    latest: dict[int, PublishedValue] = {}
    for value in values:
        known = latest.get(value.figure_id)
        if known is None or known.sequence < value.sequence:
            latest[value.figure_id] = value
    current = [value for value in latest.values() if as_of_of(value).last_day <= until]
    if not current:
        return ()
    nearest = min(_rank(value, parts) for value in current)
    by_day: dict[date, Point] = {}
    for value in sorted(current, key=lambda value: (value.period.ends_on, value.published_at)):
        point = Point(value, as_of_of(value))
        if _rank(value, parts) == nearest and (point.has_value or point.day not in by_day):
            by_day[point.day] = point
    points = tuple(by_day[day] for day in sorted(by_day))
    if not is_annual_flow:
        return points
    return tuple(point for point in points if point.as_of.is_end_of_year or point is points[-1])


def _rank(value: PublishedValue, parts: dict[int, str]) -> int:
    part = parts.get(value.organisation_id)
    return _RANKS[Part(part)] if part else _NOBODY
