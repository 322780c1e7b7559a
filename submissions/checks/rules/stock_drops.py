from indicators.models import QuantityKind
from submissions.checks.cell import Cell, in_percent, shown
from submissions.checks.rule import Values, rule


@rule(
    "存量比上期减少较多",
    "时点值比上一个时点明显减少。",
    unless=("sign", "unit_slip"),
    share=("减少超过（%）", 30),
    least=("上期不少于", 10),
)
def stock_drops(cell: Cell, at: Values) -> str | None:
    """A stock goes on from the last stock: it seldom loses a third at once."""
    if cell.facts.kind != QuantityKind.STOCK or cell.before is None or cell.before < at["least"]:
        return None
    lost = (cell.before - cell.number) / cell.before * 100
    if lost <= at["share"]:
        return None
    return (
        f"本期 {shown(cell.number)}，比上期 {shown(cell.before)} 减少 {in_percent(lost)}；时点值一般接着上期变动，"
        f"减少不超过 {in_percent(at['share'])}。请核对是否填成了本期新增；确属如此的，请说明原因。"
    )
