"""The small line of a figure's own values, the one under review last; exact numbers, evenly spaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = Decimal(64), Decimal(22), Decimal(3)
POINTS = 12  # as many earlier values as a line this small can show


@dataclass(frozen=True)
class Line:
    """Points as SVG writes them."""

    points: str
    last_x: Decimal
    last_y: Decimal


def line_through(values: Sequence[Decimal]) -> Line | None:
    """Return the line through values, oldest first; None where there are fewer than two."""
    shown = values[-POINTS:]
    if len(shown) < 2:
        return None
    low, high, steps = min(shown), max(shown), len(shown) - 1
    points = [(_across(Decimal(place) / steps), _down(value, low, high)) for place, value in enumerate(shown)]
    return Line(" ".join(f"{x},{y}" for x, y in points), *points[-1])


def _across(share: Decimal) -> Decimal:
    return _tenth(MARGIN + share * (WIDTH - 2 * MARGIN))


def _down(value: Decimal, low: Decimal, high: Decimal) -> Decimal:
    share = (value - low) / (high - low) if high != low else Decimal("0.5")
    return _tenth(HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN))


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))
