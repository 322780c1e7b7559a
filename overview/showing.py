"""Numbers of a plan as its pages show them: as printed where more than a number was printed, else with separators."""

import re
from decimal import Decimal

from arithmetic.shown import ABSENT, number_on_screen
from indicators.models import Indicator
from submissions.models import Answer
from submissions.models.figure import Reading

_PLAIN = re.compile(r"-?\d[\d,]*(?:\.(\d+))?")


def printed_on_screen(printed: str, value: Decimal | None) -> str:
    """＞60, ——, 47＋1＋3 stay as printed; 11304.35 becomes 11,304.35 with the decimals that were printed."""
    printed = printed.strip()
    plain = _PLAIN.fullmatch(printed)
    if value is not None and (plain or not printed):
        return number_on_screen(value, places=len(plain.group(1) or "") if plain else None)
    return printed or ABSENT


def base_on_screen(indicator: Indicator) -> str:
    return printed_on_screen(indicator.base_printed, indicator.base)


def target_on_screen(indicator: Indicator) -> str:
    return printed_on_screen(indicator.target_printed, indicator.target)


def reading_on_screen(reading: Reading | None) -> str:
    """A figure's or a published value's answer: the number, 无数据, or a dash where nothing was filled in."""
    if reading is None or reading.answer == Answer.BLANK:
        return ABSENT
    if reading.answer == Answer.NO_DATA:
        return reading.value_printed or Answer.NO_DATA.label
    return printed_on_screen(reading.value_printed, reading.value)
