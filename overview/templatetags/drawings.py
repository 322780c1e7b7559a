"""The small drawings in a row, made on the server."""

from decimal import Decimal
from typing import Any

from django import template

from evaluation.queries import Assessed
from evaluation.templatetags.judgements import verdict_kind
from overview.drawing import bar_of, line_of

register = template.Library()
HALF_A_TICK = Decimal("0.5")


@register.inclusion_tag("components/gauge.html")
def gauge(row: Assessed) -> dict[str, Any]:
    """``{% gauge row %}``: the bar of 增量进度 with a tick at 时序进度."""
    bar = bar_of(row)
    kind = "none" if bar is not None and bar.is_completion_rate else verdict_kind(row.verdict)
    tick = None if bar is None or bar.tick is None else max(Decimal(0), min(bar.tick - HALF_A_TICK, Decimal(99)))
    return {"bar": bar, "kind": kind, "tick": tick}


@register.inclusion_tag("components/spark.html")
def spark(row: Assessed) -> dict[str, Any]:
    """``{% spark row %}``: the published values so far, against the straight way from base to target."""
    return {"line": line_of(row)}
