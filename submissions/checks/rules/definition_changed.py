from submissions.checks.cell import Cell
from submissions.checks.rule import Values, rule
from submissions.models.check import Severity


@rule("口径有调整", "指标口径在上期之后有调整，两期不能直接比较。", severity=Severity.HINT)
def definition_changed(cell: Cell, at: Values) -> str | None:
    """A definition that changes is a break in the series; a comparison across it says so."""
    known = [("上期", cell.previous), ("上年同期", cell.year_before)]
    broken = [name for name, each in known if each is not None and each.has_other_definition]
    if not broken:
        return None
    return (
        f"{'、'.join(broken)}的数按调整前的口径统计，与本期不能直接比较。"
        "请核对本期是否按现行口径填报；有可比口径的上年同期数的，请一并填报。"
    )
