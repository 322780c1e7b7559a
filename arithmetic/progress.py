"""How far a value has come from its base to its target, and how much of the time has gone."""

import calendar
import datetime
from decimal import Decimal

from arithmetic.as_of import AsOf


def progress(value: Decimal, base: Decimal | None, target: Decimal | None) -> Decimal | None:
    """增量进度: (value − base) / (target − base), a plain ratio; the same for falling targets.

    Returned as computed, also below 0 and above 1. None where the base or target is missing, or both are equal:
    then there is no distance to measure.
    """
    if base is None or target is None or base == target:
        return None
    return (value - base) / (target - base)


def completion_rate(value: Decimal, target: Decimal | None) -> Decimal | None:
    """完成率: value / target, a plain ratio. None where there is no target or it is 0."""
    if target is None or target == 0:
        return None
    return value / target


def time_passed(as_of: AsOf, *, base_year: int, end_year: int) -> Decimal:
    """时序进度: the share of the time between the end of the base year and the end of the last year.

    Counted in months: of five years, the end of the second is exactly 40 %, March of the third 27 of 60 months
    (45 %), its last day of June 50 %; a day within a month adds its part of that month. 0 up to the end of the base
    year, 1 after the end of the last.

    Raises:
        ValueError: the last year isn't after the base year.
    """
    if end_year <= base_year:
        raise ValueError("the last year must come after the base year")
    months = months_after(as_of.last_day, base_year)
    return min(max(months / (12 * (end_year - base_year)), Decimal(0)), Decimal(1))


def months_after(day: datetime.date, base_year: int) -> Decimal:
    """Months from the end of `base_year` to the end of `day`; a part of a month counts by its days."""
    length = calendar.monthrange(day.year, day.month)[1]
    return Decimal(12 * (day.year - base_year - 1) + day.month - 1) + Decimal(day.day) / length
