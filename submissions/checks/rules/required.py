from submissions.checks.cell import Cell
from submissions.checks.rule import Values, rule
from submissions.models.check import Severity
from submissions.models.figure import Answer


@rule("待填", "应填的数据还是空白。", severity=Severity.ERROR, about=("answer",), is_about_blank=True)
def required(cell: Cell, at: Values) -> str | None:
    """A blank is a debt: neither a zero nor no data."""
    if cell.answer != Answer.BLANK:
        return None
    unit = f"以{cell.facts.unit}计的数" if cell.facts.unit else "数"
    return f"还没有填写。请填{unit}；为零的选“确认为零”，没有数据的选“无数据”并说明原因。"
