"""Numbers in a template, written as on every page."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from arithmetic.as_of import AsOf
from arithmetic.shown import (
    ABSENT,
    as_of_in_words,
    growth,
    number_on_screen,
    numeral,
    percent,
    signed_on_screen,
    weekday_in_words,
)
from overview.showing import reading_on_screen
from submissions.models.figure import Reading

register = template.Library()


@register.filter
def as_percent(ratio: Decimal | None) -> str:
    """A plain ratio without decimals: 0.4 → 40%."""
    return percent(ratio, places=0)


@register.filter
def as_number(value: Decimal | int | None) -> str:
    return number_on_screen(None if value is None else Decimal(value))


@register.filter
def as_numeral(number: int) -> str:
    """1 → 一."""
    return numeral(number)


@register.filter
def as_due(moment: datetime) -> str:
    """7月14日（星期五）17:30."""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日（{weekday_in_words(local.date())}）{local:%H:%M}"


@register.filter
def as_growth(rate: Decimal | None) -> str:
    """A growth rate in percent, with its sign."""
    return growth(rate)


@register.filter
def as_points(points: Decimal | None) -> str:
    """A difference in percentage points, with its sign."""
    return ABSENT if points is None else f"{signed_on_screen(points, places=1)} 个百分点"


@register.filter
def as_of_words(as_of: AsOf | None) -> str:
    return as_of_in_words(as_of)


@register.filter
def as_reading(reading: Reading | None) -> str:
    """A figure's or a published value's answer."""
    return reading_on_screen(reading)
