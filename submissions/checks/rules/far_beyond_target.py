from arithmetic.goal import Direction
from submissions.checks.cell import Cell, shown, times
from submissions.checks.rule import Values, rule


@rule("超出目标较多", "数值为目标的数倍，口径可能与规划不同。", unless=("unit_slip",), factor=("超过目标的倍数", 5))
def far_beyond_target(cell: Cell, at: Values) -> str | None:
    """Several times the target: another scope than the plan's, perhaps."""
    if cell.target is None or cell.facts.goal.direction != Direction.RISING or cell.facts.is_relative:
        return None
    if cell.number <= cell.target * at["factor"]:
        return None
    return (
        f"本期 {shown(cell.number)}，为 {cell.facts.goal.end_year}年目标 {shown(cell.target)} 的 "
        f"{times(cell.number / cell.target)} 倍。请核对口径是否与规划一致，并说明原因。"
    )
