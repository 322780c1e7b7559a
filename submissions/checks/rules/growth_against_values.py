from arithmetic.growth import GAP_NAME, growth_gap, nominal_growth
from arithmetic.shown import growth, percentage_points, rounded
from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule


@rule(
    "增速与数值不一致",
    "可比价增速与按两期数值计算的名义增速方向相反，或相差较大。",
    about=("value", "growth", "last_year_given"),
    gap=("两个增速相差超过（百分点）", 10),
)
def growth_against_values(cell: Cell, at: Values) -> str | None:
    """Nominal growth is computed, growth at comparable prices is reported; they differ, but seldom in sign or by far."""
    if cell.growth is None or cell.last_year is None or cell.facts.is_relative:
        return None
    nominal = nominal_growth(cell.number, cell.last_year)
    gap = growth_gap(nominal, cell.growth)
    if nominal is None or gap is None or (nominal * cell.growth >= 0 and abs(gap) <= at["gap"]):
        return None
    how = "方向相反" if nominal * cell.growth < 0 else f"相差 {percentage_points(rounded(abs(gap), 1))}"
    return (
        f"按本期 {shown(cell.number)} 和上年同期 {shown(cell.last_year)} 计算的名义增速为 {growth(nominal)}，"
        f"可比价增速报 {growth(cell.growth)}，{how}（{GAP_NAME}）。"
        "请核对三个数；确因价格、口径或基数修订的，请说明原因。"
    )
