from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule


@rule("百分数可能写成了小数", "百分数不大于 1，而以往各期或目标明显大于 1。", floor=("以往或目标不低于（%）", 5))
def percent_as_fraction(cell: Cell, at: Values) -> str | None:
    """0.469 where 46.9 is meant."""
    if cell.facts.unit != "%" or cell.number == 0 or abs(cell.number) > 1:
        return None
    words = next((f"{words} {shown(value)}" for words, value in cell.references if abs(value) >= at["floor"]), None)
    if words is None:
        return None
    return (
        f"本期报 {shown(cell.number)}%，而{words}。本项以 % 计，是否把百分数写成了小数？"
        "请填百分号前的数；确属如此的，请说明原因。"
    )
