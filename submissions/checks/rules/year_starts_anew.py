from decimal import Decimal

from indicators.models import QuantityKind
from submissions.checks.cell import Cell, in_percent, shown
from submissions.checks.rule import Values, rule

YEAR = 12


@rule(
    "本年累计可能没有从一月重新起算",
    "本年累计在年初就达到上年全年的数，似乎接着上年累计。",
    unless=("unit_slip",),
    pace=("按月平均为上年的倍数", 2),
)
def year_starts_anew(cell: Cell, at: Values) -> str | None:
    """Year to date starts anew each January: the first months don't reach the whole year before."""
    if cell.facts.kind != QuantityKind.YEAR_TO_DATE or cell.before is not None:
        return None
    year = cell.span.until.year - 1
    whole = next(
        (e.value for e in reversed(cell.series) if (e.span.until.year, e.span.until.month) == (year, YEAR)), None
    )
    months = cell.span.until.month
    if whole is None or whole <= 0 or months == YEAR or cell.number < whole:
        return None
    if cell.number / months < whole / YEAR * at["pace"]:
        return None
    share = in_percent(cell.number / whole * 100)
    usual = in_percent(Decimal(months) / YEAR * 100)
    return (
        f"1–{months}月报 {shown(cell.number)}，为上年全年 {shown(whole)} 的 {share}；{months} 个月一般约占全年的 {usual}。"
        "本年累计从一月重新起算，请核对是否接着上年累计；确属如此的，请说明原因。"
    )
