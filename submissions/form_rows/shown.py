"""Values and targets as they stand on screen."""

from arithmetic.shown import number_on_screen
from indicators.models import Indicator
from submissions.models import (
    Answer,
    Figure,
    PublishedValue,
)
from submissions.models.figure import YES_OR_NO


def shown_value(reading: Figure | PublishedValue) -> str:
    """A value on screen; words where the answer is one."""
    match reading.answer:
        case Answer.BLANK:
            return "—"
        case Answer.NO_DATA:
            return reading.value_printed or "无数据"
        case _:
            return reading.shown if reading.value_printed in YES_OR_NO else number_on_screen(reading.value)


def target_on_screen(indicator: Indicator) -> str:
    """The target with thousands separators; as printed where it isn't a plain number (＞60)."""
    printed = indicator.target_printed.strip()
    if indicator.target is None or (printed and not printed.replace(".", "").replace(",", "").isdigit()):
        return printed or "—"
    return number_on_screen(indicator.target)
