from arithmetic.as_of import AsOf
from arithmetic.goal import Reading, Verdict
from arithmetic.judgement import judge
from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule
from submissions.models.check import Severity

LAGGING = (Verdict.LAGGING, Verdict.BADLY_LAGGING)


@rule(
    "滞后而没有说明",
    "专项填报中，按现值评价为滞后或严重滞后，说明还是空白。",
    severity=Severity.HINT,
    unless=("unit_slip", "percent_as_fraction"),
)
def lagging_unexplained(cell: Cell, at: Values) -> str | None:
    """In a special round, what lags has its cause said. Judged as the case would, by the standing thresholds."""
    if not cell.is_special or cell.is_part or cell.explanation.strip():
        return None
    judged = judge(cell.facts.goal, Reading(cell.number, cell.as_of or AsOf(cell.span.until)))
    if judged.verdict not in LAGGING:
        return None
    target = f"（{cell.facts.goal.end_year}年目标 {shown(cell.target)}）" if cell.target is not None else ""
    return (
        f"本期 {shown(cell.number)}{target}，按时序进度评价为“{judged.verdict.words}”，还没有说明。"
        "请在说明中写明原因和下一步措施。"
    )
