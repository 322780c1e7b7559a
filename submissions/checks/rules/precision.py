from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule
from submissions.models.check import Severity


@rule("小数位数过多", "小数位数超过规划规定的位数。", severity=Severity.HINT, unless=("whole_number",))
def precision(cell: Cell, at: Values) -> str | None:
    """More digits after the point than the plan gives this indicator."""
    places = max(0, -int(cell.number.normalize().as_tuple().exponent))
    if places <= cell.facts.decimals:
        return None
    return f"本期 {shown(cell.number)} 有 {places} 位小数，本项按 {cell.facts.decimals} 位小数填报。请核对是否应四舍五入。"
