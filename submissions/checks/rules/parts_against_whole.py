from decimal import Decimal

from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule


@rule("分项合计与总数不一致", "可相加的分项，合计不等于所报总数。", about=("value", "parts"))
def parts_against_whole(cell: Cell, at: Values) -> str | None:
    """The parts that may be added don't make up the total that was reported."""
    not_added = {part.name for part in cell.facts.parts if not part.may_be_added}
    if not cell.parts or any(part.name in not_added for part in cell.parts):
        return None
    total = sum((part.value for part in cell.parts), Decimal(0))
    if total == cell.number:
        return None
    return (
        f"{len(cell.parts)} 个分项合计 {shown(total)}，总数报 {shown(cell.number)}，"
        f"相差 {shown(abs(total - cell.number))}。请核对；确不能相加的，请说明原因。"
    )
