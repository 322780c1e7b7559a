from submissions.checks.cell import Cell
from submissions.checks.rule import Values, rule
from submissions.models.check import Severity


@rule("数据会审未核对", "数据来源单位还没有把这一数值标为已核对。", severity=Severity.HINT)
def unchecked_by_source(cell: Cell, at: Values) -> str | None:
    """A value of statistics that the organisation which has the data hasn't marked 已核对 (数据会审)."""
    if not cell.unchecked_by:
        return None
    return f"数据来源单位{'、'.join(cell.unchecked_by)}还没有核对这一数值。请与其核对，一致后由其标为“已核对”。"
