"""A change beyond what the series itself does: median and median deviation; with few values, a fixed limit."""

from collections.abc import Callable
from decimal import Decimal

from arithmetic.shown import percentage_points, rounded, signed_on_screen
from arithmetic.spread import median, median_deviation
from indicators.models import QuantityKind
from submissions.checks.cell import Cell, Earlier, shown, times
from submissions.checks.rule import Values, rule
from submissions.comparable import Span, is_year_before, may_follow

Fits = Callable[[str, Span, Span], bool]


@rule(
    "变动超出以往",
    "变动超出本指标以往变动的通常幅度（中位数和绝对中位差）；可比的历史值不足时按固定倍数判断。",
    unless=("sign", "unit_slip", "percent_as_fraction", "cumulative_falls", "year_starts_anew", "stock_drops"),
    k=("绝对中位差的倍数", 6),
    points=("至少需要的历史变动个数", 5),
    floor=("绝对中位差不小于（% 或百分点）", 2),
    factor=("历史值不足时：倍数", 3),
    gap=("历史值不足时：百分点", 20),
    small=("两期都小于此数时不比较", 10),
)
def unusual_change(cell: Cell, at: Values) -> str | None:
    """What accumulates within a year is held against the same period of the year before, all else against the last."""
    by_year = cell.facts.kind == QuantityKind.YEAR_TO_DATE
    fits: Fits = is_year_before if by_year else may_follow
    against = cell.last_year if by_year else cell.before
    usual = _changes(cell.facts.kind, cell.series, fits)
    if against is None or len(usual) < at["points"]:
        return _by_fixed_limit(cell, at, len(usual))
    change = _change(cell.facts.kind, cell.number, against)
    if change is None or _is_small(cell, against, at):
        return None
    centre, spread = median(usual), max(median_deviation(usual), at["floor"])
    if abs(change - centre) <= at["k"] * spread:
        return None
    low, high = centre - at["k"] * spread, centre + at["k"] * spread
    unit = " 个百分点" if cell.facts.is_relative else "%"
    return (
        f"本期 {shown(cell.number)}，比{'上年同期' if by_year else '上期'} {shown(against)} 变动 {_signed(change)}{unit}；"
        f"此前 {len(usual)} 次变动的中位数为 {_signed(centre)}{unit}，通常在 {_signed(low)} 至 {_signed(high)}{unit} 之间。"
        "请核对并说明原因。"
    )


def _changes(kind: str, series: tuple[Earlier, ...], fits: Fits) -> list[Decimal]:
    """The change of each earlier value from the one that it follows, oldest first."""
    found = []
    for place, each in enumerate(series):
        before = next((other for other in reversed(series[:place]) if fits(kind, each.span, other.span)), None)
        change = _change(kind, each.value, before.value) if before is not None else None
        if change is not None:
            found.append(change)
    return found


def _change(kind: str, value: Decimal, before: Decimal) -> Decimal | None:
    """In percentage points for what is in percent, else in percent; None where no percentage means anything."""
    if kind in (QuantityKind.RATIO, QuantityKind.GROWTH):
        return value - before
    return (value / before - 1) * 100 if before > 0 else None


def _by_fixed_limit(cell: Cell, at: Values, known: int) -> str | None:
    few = f"可比的历史变动只有 {known} 次，" if known else "没有可比的历史变动，"
    if cell.facts.kind == QuantityKind.GROWTH:
        return None
    if cell.facts.is_relative:
        return _by_points(cell, at, few)
    previous = cell.previous
    name, against, factor = "上期", cell.before, at["factor"]
    if cell.facts.kind == QuantityKind.YEAR_TO_DATE and previous is not None:
        # within a year a cumulative value may well be several times that of the first quarter
        factor = max(factor, 2 * Decimal(cell.span.until.month) / previous.span.until.month)
    elif previous is None:
        name, against = "上年同期", cell.last_year
    if against is None or against <= 0 or _is_small(cell, against, at):
        return None
    ratio = cell.number / against
    if 1 / at["factor"] <= ratio <= factor:
        return None
    return (
        f"本期 {shown(cell.number)}，为{name} {shown(against)} 的 {times(ratio)} 倍；{few}"
        f"暂按 {times(1 / at['factor'])} 倍至 {times(factor)} 倍判断。请核对并说明原因。"
    )


def _by_points(cell: Cell, at: Values, few: str) -> str | None:
    if cell.before is None or abs(cell.number - cell.before) <= at["gap"]:
        return None
    points = cell.number - cell.before
    return (
        f"本期 {shown(cell.number)}%，比上期 {shown(cell.before)}% {'高' if points > 0 else '低'} "
        f"{percentage_points(abs(points))}；{few}暂按不超过 {percentage_points(at['gap'])}判断。请核对并说明原因。"
    )


def _is_small(cell: Cell, against: Decimal, at: Values) -> bool:
    """Whether it counts so few that one more or less is a large share."""
    return not cell.facts.is_relative and max(abs(cell.number), abs(against)) < at["small"]


def _signed(value: Decimal) -> str:
    return signed_on_screen(rounded(value, 1))
