"""Showing numbers, dates and deadlines: one function for each place where they are read.

On screen numbers have thousands separators and U+2212 for minus; in documents neither.
Rounding is half up, as officials round.
"""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from arithmetic.as_of import AsOf, Precision

MINUS = "−"
ABSENT = "—"
_NUMERALS = "零一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, away from zero; never a negative zero."""
    result = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def number_on_screen(value: Decimal | None, *, places: int | None = None) -> str:
    """1234.5 → 1,234.5; −0.5; an absent value is a dash, never 0. Without `places`, zeros at the end are dropped."""
    if value is None:
        return ABSENT
    return _plain(value, places, ",").replace("-", MINUS)


def signed_on_screen(value: Decimal | None, *, places: int | None = None) -> str:
    """A change: +12.3, −0.5, 0."""
    if value is None:
        return ABSENT
    text = number_on_screen(value, places=places)
    return f"+{text}" if (rounded(value, places) if places is not None else value) > 0 else text


def number_in_document(value: Decimal | None, *, places: int | None = None) -> str:
    """1234.5: no separators, a plain minus."""
    return ABSENT if value is None else _plain(value, places, "")


def _plain(value: Decimal, places: int | None, separator: str) -> str:
    if not value.is_finite():
        raise ValueError("only finite numbers are shown")
    exact = value.normalize() if places is None else rounded(value, places)
    return format(abs(exact) if exact == 0 else exact, f"{separator}f")


def percent(ratio: Decimal | None, *, places: int = 1) -> str:
    """A plain ratio as a percentage: 0.255 → 25.5%; exactly 1 → 100%; an absent one is a dash."""
    if ratio is None:
        return ABSENT
    if ratio == 1:
        return "100%"
    return f"{number_on_screen(ratio * 100, places=places)}%"


def growth(rate: Decimal | None, *, places: int = 1) -> str:
    """A growth rate that is already in percent, with its sign: 2.5 → +2.5%."""
    return ABSENT if rate is None else f"{signed_on_screen(rate, places=places)}%"


def percentage_points(points: Decimal | None, *, places: int | None = None) -> str:
    """2.5 → 2.5 个百分点. What two percentages differ by; never written with %."""
    return ABSENT if points is None else f"{number_on_screen(points, places=places)} 个百分点"


def as_of_in_words(as_of: AsOf | None) -> str:
    """2017年底, 2018年3月底, 2018年5月, 2018年6月30日: in the precision it was given."""
    if as_of is None:
        return ABSENT
    day = as_of.day
    match as_of.precision:
        case Precision.YEAR:
            return f"{day.year}年"
        case Precision.YEAR_END:
            return f"{day.year}年底"
        case Precision.MONTH:
            return f"{day.year}年{day.month}月"
        case Precision.MONTH_END:
            return f"{day.year}年{day.month}月底"
        case _:
            return day_in_words(day)


def day_in_words(day: datetime.date) -> str:
    """2018年6月30日."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_day_in_words(day: datetime.date) -> str:
    """6月30日, where the year is plain from the page."""
    return f"{day.month}月{day.day}日"


def weekday_in_words(day: datetime.date) -> str:
    """星期五."""
    return f"星期{_WEEKDAYS[day.weekday()]}"


def working_days_in_words(left: int) -> str:
    """Working days until a deadline: 还剩 5 个工作日, 今天截止, 已逾期 2 个工作日."""
    if left > 0:
        return f"还剩 {left} 个工作日"
    return "今天截止" if left == 0 else f"已逾期 {-left} 个工作日"


def numeral(number: int) -> str:
    """一, 二 … 十, 十一 … 二十 … 九十九: for headings and categories.

    Raises:
        ValueError: below 1 or above 99.
    """
    if not 1 <= number <= 99:
        raise ValueError(f"no heading is numbered {number}")
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else _NUMERALS[tens]) + "十" if tens else ""
    return head + (_NUMERALS[ones] if ones else "")
