"""The date that a value is true of, in the precision in which people gave it.

A month or a year is kept as its last day: 2018年5月 is `AsOf(date(2018, 5, 31), Precision.MONTH)`.
"""

import calendar
import datetime
from dataclasses import dataclass
from enum import StrEnum


class Precision(StrEnum):
    """How exactly an as-of date was given; the values are stored by other rooms."""

    DAY = "day"  # 2018年6月30日
    MONTH_END = "month_end"  # 2018年3月底
    MONTH = "month"  # 2018年5月
    YEAR_END = "year_end"  # 2017年底
    YEAR = "year"  # 2017年


@dataclass(frozen=True, slots=True)
class AsOf:
    """An as-of date with its own precision, which need not be the end of a reporting period."""

    day: datetime.date
    precision: Precision = Precision.DAY

    @property
    def is_end_of_year(self) -> bool:
        """Whether a whole year has been counted: only then is an annual flow complete."""
        return self.last_day.month == 12 and self.last_day.day == 31

    @property
    def last_day(self) -> datetime.date:
        """The last day that the precision covers: 31 May for 2018年5月."""
        if self.precision is Precision.DAY:
            return self.day
        if self.precision in (Precision.YEAR, Precision.YEAR_END):
            return datetime.date(self.day.year, 12, 31)
        return self.day.replace(day=calendar.monthrange(self.day.year, self.day.month)[1])


def year_end(year: int) -> AsOf:
    """2017 → 2017年底."""
    return AsOf(datetime.date(year, 12, 31), Precision.YEAR_END)
