from datetime import date, timedelta

from arithmetic.shown import as_of_in_words, day_in_words
from indicators.models import Frequency
from submissions.checks.cell import Cell
from submissions.checks.rule import Values, rule

MONTHS = {Frequency.MONTH: 1, Frequency.QUARTER: 3, Frequency.HALF_YEAR: 6, Frequency.YEAR: 12}


@rule("截至日期不在报告期内", "数据的截至日期早于或晚于报告期。", about=("as_of",))
def as_of_outside_period(cell: Cell, at: Values) -> str | None:
    """Before the period begins or after it ends; the end of the last year that was counted whole is no question."""
    if cell.as_of is None:
        return None
    day = cell.as_of.last_day
    if min(cell.period_starts_on, _last_counted(cell)) <= day <= cell.period_ends_on:
        return None
    side = "早于" if day < cell.period_starts_on else "晚于"
    return (
        f"截至日期为{as_of_in_words(cell.as_of)}，{side}报告期（{day_in_words(cell.period_starts_on)}至"
        f"{day_in_words(cell.period_ends_on)}）。请核对日期；确只有这一时点数据的，请说明原因。"
    )


def _last_counted(cell: Cell) -> date:
    """The end of the last month, quarter or year that was over by the period's end: what is counted so has no later."""
    length = MONTHS.get(Frequency(cell.facts.frequency), 1)
    after = cell.period_ends_on + timedelta(days=1)
    month = (after.month - 1) // length * length + 1
    return date(after.year, month, 1) - timedelta(days=1)
