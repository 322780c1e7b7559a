from indicators.models import QuantityKind
from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule


@rule("累计值下降", "累计值低于上期：核减、退库、更正须说明。", unless=("sign", "unit_slip", "percent_as_fraction"))
def cumulative_falls(cell: Cell, at: Values) -> str | None:
    """A cumulative value below the one before it; 核减, 退库 and 更正 happen, and are explained."""
    if cell.facts.kind not in (QuantityKind.YEAR_TO_DATE, QuantityKind.SINCE_START):
        return None
    if cell.before is None or cell.number >= cell.before:
        return None
    kind = QuantityKind(cell.facts.kind).label
    return (
        f"本期 {shown(cell.number)}，低于上期的 {shown(cell.before)}，减少 {shown(cell.before - cell.number)}；"
        f"{kind}一般不会下降。请核对；确因核减、退库或更正的，请写明是哪一种和原因。"
    )
