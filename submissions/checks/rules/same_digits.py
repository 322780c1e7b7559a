from indicators.models import QuantityKind
from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule
from submissions.models.check import Severity

MAY_STAY = {QuantityKind.STOCK, QuantityKind.SINCE_START}


@rule(
    "与上期完全相同",
    "流量、年度值或比率与上期一字不差，可能沿用了上期的数。",
    severity=Severity.HINT,
    digits=("至少有几位有效数字", 3),
)
def same_digits(cell: Cell, at: Values) -> str | None:
    """The same digits as last period, in something that moves: copied, perhaps. What stands may stay the same."""
    if cell.facts.kind in MAY_STAY or cell.is_same_as_before:
        return None
    known = [("上期", cell.before), ("上年同期", cell.year_before.value if cell.year_before is not None else None)]
    name = next((name for name, value in known if value == cell.number), None)
    if name is None or len(cell.number.normalize().as_tuple().digits) < at["digits"]:
        return None
    return f"本期 {shown(cell.number)} 与{name}的数完全相同，是否沿用了{name}的数？请核实是否已更新。"
