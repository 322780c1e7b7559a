from decimal import Decimal

from indicators.models import QuantityKind
from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule

OF_A_RATIO = (Decimal(0), Decimal(100))
OF_GROWTH = (Decimal(-60), Decimal(100))


@rule(
    "超出取值范围",
    "数值超出设定的范围；没有设定的，占比在 0 和 100 之间，增速在 −60 和 100 之间。",
    at_least=("下限", ""),
    at_most=("上限", ""),
)
def out_of_range(cell: Cell, at: Values) -> str | None:
    """Outside of the limits that were set, or of what a percentage usually is."""
    low, high = _usual(cell)
    low, high = at.get("at_least", low), at.get("at_most", high)
    if (low is None or cell.number >= low) and (high is None or cell.number <= high):
        return None
    limits = f"不低于 {shown(low)}" if low is not None else ""
    limits += "、" if limits and high is not None else ""
    limits += f"不高于 {shown(high)}" if high is not None else ""
    return f"本期报 {shown(cell.number)}，本项一般{limits}。请核对数值和单位；确属如此的，请说明原因。"


def _usual(cell: Cell) -> tuple[Decimal | None, Decimal | None]:
    """A share of which the plan itself, or an earlier period, knows more than 100 has no usual limit above."""
    if cell.facts.unit != "%":
        return None, None
    if cell.facts.kind == QuantityKind.GROWTH:
        return OF_GROWTH
    if cell.facts.kind != QuantityKind.RATIO:
        return None, None
    known = [cell.facts.goal.target, cell.facts.goal.base, *(each.value for each in cell.series)]
    low, high = OF_A_RATIO
    return low, None if any(value is not None and value > high for value in known) else high
