from submissions.checks.cell import Cell
from submissions.checks.rule import Values, rule
from submissions.models.check import Severity


@rule("数据会审未核对", "数据来源单位还没有把这一数值标为已核对。", severity=Severity.HINT)
def unchecked_by_source(cell: Cell, at: Values) -> str | None:
    """A value of statistics that the organisation which has the data hasn't marked 已核对 (数据会审)."""
    if not cell.unchecked_by:
        return None
    differing = [f"{name}认为有出入（{remark}）" for name, remark in cell.unchecked_by if remark]
    waiting = [name for name, remark in cell.unchecked_by if not remark]
    told = differing + ([f"{'、'.join(waiting)}还没有核对这一数值"] if waiting else [])
    return f"数据来源单位{'，'.join(told)}。请与其核实，一致后由其标为“已核对”。"
