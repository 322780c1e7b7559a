"""Numbers in a template, written as on every page."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from arithmetic.shown import number_on_screen, numeral, percent, weekday_in_words

register = template.Library()


@register.filter
def as_percent(ratio: Decimal | None) -> str:
    """A plain ratio without decimals: 0.4 → 40%."""
    return percent(ratio, places=0)


@register.filter
def as_number(value: Decimal | None) -> str:
    return number_on_screen(value)


@register.filter
def as_numeral(number: int) -> str:
    """1 → 一."""
    return numeral(number)


@register.filter
def as_due(moment: datetime) -> str:
    """7月14日（星期五）17:30."""
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日（{weekday_in_words(local.date())}）{local:%H:%M}"
