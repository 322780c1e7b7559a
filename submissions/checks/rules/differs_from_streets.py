from submissions.checks.cell import Cell
from submissions.checks.rule import Scope, Values, rule
from submissions.models.check import Severity


@rule("与街道合计不一致", "本单位所报与各街道合计不等；允许不一致。", severity=Severity.HINT, scope=Scope.FORM)
def differs_from_streets(cell: Cell, at: Values) -> str | None:
    """The district's own figure and the sum of its streets' are two figures; a difference is shown, not forbidden."""
    words = cell.streets.difference_in_words(cell.number, cell.facts.unit) if cell.streets is not None else ""
    return f"{words}。允许不一致，差额随表报送；原因可写在说明中。" if words else None
