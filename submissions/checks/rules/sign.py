from indicators.models import QuantityKind
from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule
from submissions.models.check import Severity

NEVER_NEGATIVE = {QuantityKind.STOCK, QuantityKind.SINCE_START, QuantityKind.ANNUAL, QuantityKind.RATIO}


@rule("不应为负数", "总量、存量和比率报为负数，而规划和以往各期都没有负数。", severity=Severity.ERROR)
def sign(cell: Cell, at: Values) -> str | None:
    """A negative number where the plan and the series know none; flows within a year may be negative (退库)."""
    if cell.number >= 0 or cell.facts.kind not in NEVER_NEGATIVE:
        return None
    goal = cell.facts.goal
    known = [goal.base, goal.target, goal.target_upper, *(each.value for each in cell.series)]
    if any(value is not None and value < 0 for value in known):
        return None
    kind = QuantityKind(cell.facts.kind).label
    return f"本期报 {shown(cell.number)}；{kind}一般不小于零，规划和以往各期都没有负数。请核对正负号。"
