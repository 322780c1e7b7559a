from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule

COUNTED = frozenset(
    [
        "家",
        "个",
        "件",
        "项",
        "人",
        "户",
        "座",
        "所",
        "处",
        "台",
        "套",
        "辆",
        "栋",
        "条",
        "次",
        "宗",
        "例",
        "名",
        "只",
        "株",
    ]
)


@rule("应为整数", "按个数统计的数据带有小数。")
def whole_number(cell: Cell, at: Values) -> str | None:
    """Half an enterprise: another unit, or another quantity."""
    if cell.facts.unit not in COUNTED or cell.number == cell.number.to_integral_value():
        return None
    return (
        f"本期 {shown(cell.number)}，本项以{cell.facts.unit}计，应为整数。请核对单位和数值；确属如此的，请说明原因。"
    )
