"""The date that a value is true of, in the precision in which people gave it.

A month or a year is kept as its last day: 2018年5月 is `AsOf(date(2018, 5, 31), Precision.MONTH)`.
"""

import calendar
import datetime
import re
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


_DIGITS = str.maketrans("０１２３４５６７８９－．／", "0123456789-./")
_YEAR, _MONTH, _DAY = r"(?P<year>(?:19|20)[0-9]{2})", r"(?P<month>0?[1-9]|1[0-2])", r"(?P<day>[12][0-9]|3[01]|0?[1-9])"
_WRITINGS: tuple[tuple[re.Pattern[str], Precision], ...] = (
    (re.compile(rf"{_YEAR}年{_MONTH}月{_DAY}[日号]"), Precision.DAY),
    (re.compile(rf"{_YEAR}(?P<mark>[-./]){_MONTH}(?P=mark){_DAY}"), Precision.DAY),
    (re.compile(rf"{_YEAR}年{_MONTH}月[底末]"), Precision.MONTH_END),
    (re.compile(rf"{_YEAR}年{_MONTH}月"), Precision.MONTH),
    (re.compile(rf"{_YEAR}[-./]{_MONTH}"), Precision.MONTH),
    (re.compile(rf"{_YEAR}年{{0,1}}[底末]"), Precision.YEAR_END),
    (re.compile(rf"{_YEAR}年{{0,1}}"), Precision.YEAR),
)


def read_as_of(text: str) -> tuple[AsOf, str]:
    """Read an as-of date as people write it; return it with what was written, tidied of spaces.

    Understood: 2017年底, 2018年3月底, 2018年5月, 2018年6月30日, 2018-06-30 (with . and / too), 2018-06, 2017年, 2017,
    and full-width digits. The date is the last day meant.

    Raises:
        ValueError: anything else, or a day that the month doesn't have; the message is Chinese and gives the remedy.
    """
    printed = "".join(text.split())
    tidy = printed.translate(_DIGITS)
    for writing, precision in _WRITINGS:
        found = writing.fullmatch(tidy)
        if found is not None:
            return _last_day_meant(found.groupdict(), precision, printed), printed
    raise ValueError(
        f"“{text.strip()}”不是能确定的日期。请写成 2018年6月30日、2018年3月底、2018年5月或 2017年底 的样子。"
    )


def _last_day_meant(parts: dict[str, str], precision: Precision, printed: str) -> AsOf:
    year, month = int(parts["year"]), int(parts.get("month") or 12)
    if precision is not Precision.DAY:
        return AsOf(datetime.date(year, month, calendar.monthrange(year, month)[1]), precision)
    try:
        return AsOf(datetime.date(year, month, int(parts["day"])))
    except ValueError:
        raise ValueError(f"“{printed}”：{year}年{month}月没有 {int(parts['day'])} 日。请核对日期。") from None
