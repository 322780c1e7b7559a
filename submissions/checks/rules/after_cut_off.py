from arithmetic.shown import day_in_words
from submissions.checks.cell import Cell
from submissions.checks.rule import Values, rule
from submissions.models.check import Severity


@rule(
    "晚于评估的数据截止日", "专项填报的数据，截至日期晚于评估的数据截止日。", severity=Severity.HINT, about=("as_of",)
)
def after_cut_off(cell: Cell, at: Values) -> str | None:
    """Data of a special round that is later than the case takes: its tables won't show it."""
    if not cell.is_special or cell.cut_off is None or cell.period_starts_on > cell.cut_off:
        return None
    day = cell.as_of.last_day if cell.as_of is not None else cell.span.until
    if day <= cell.cut_off:
        return None
    return (
        f"这一数据截至{day_in_words(day)}，评估只取截至{day_in_words(cell.cut_off)}的数据，评估表格不会采用。"
        "有截止日以前数据的，请填截止日以前的。"
    )
