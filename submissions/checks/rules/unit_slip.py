"""A slip of the unit: 10, 10³, 10⁴ (万/亿), 10⁵ (千元/亿元), 10⁸ (元/亿元) times too much or too little."""

from decimal import Decimal

from indicators.models import QuantityKind
from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Values, rule
from submissions.checks.rules.whole_number import COUNTED

SLIPS = {3: "1,000 倍", 4: "1 万倍", 5: "10 万倍", 8: "1 亿倍"}
PREFIXES = {0: "", 3: "千", 4: "万", 8: "亿", 12: "万亿"}
TEN = Decimal(10)
_LEAST = TEN ** min(SLIPS)


@rule(
    "单位可能有误",
    "与上期、上年同期、基数或目标相差约 10 倍、1 千倍、1 万倍、10 万倍或 1 亿倍。",
    nearness=("相差倍数的容差（倍）", 2),
    tenfold=("约 10 倍时的容差（%）", 12),
)
def unit_slip(cell: Cell, at: Values) -> str | None:
    """The size is another by a power of ten that units differ by; a tenfold slip is looked for in like lengths only."""
    if cell.number == 0 or cell.facts.is_relative:
        return None
    return _slipped(cell, at["nearness"]) or _tenfold(cell, at["tenfold"] / 100)


def _slipped(cell: Cell, nearness: Decimal) -> str | None:
    for words, known, may_start_small in _sizes(cell):
        ratio = abs(cell.number / known)
        if _LEAST / nearness > ratio > nearness / _LEAST:
            continue
        for exponent, size in SLIPS.items():
            slip = TEN**exponent
            if slip / nearness <= ratio <= slip * nearness:
                return _told(cell, f"{words} {shown(known)}", size, _unit_meant(cell.facts.unit, -exponent))
            if not may_start_small and slip / nearness <= 1 / ratio <= slip * nearness:
                return _told(cell, f"{words} {shown(known)}", size, _unit_meant(cell.facts.unit, exponent))
    return None


def _sizes(cell: Cell) -> list[tuple[str, Decimal, bool]]:
    """What tells the size, and whether a true value may be a small part of it, as at the start of a plan."""
    goal = cell.facts.goal
    far = {goal.target, goal.base}
    counts_up = cell.facts.kind == QuantityKind.SINCE_START
    return [(words, value, counts_up or value in far) for words, value in cell.references]


def _tenfold(cell: Cell, tolerance: Decimal) -> str | None:
    """Ten times, or a tenth of, the last value of the same length; within a year, what accumulates may well be."""
    accumulates = cell.facts.kind in (QuantityKind.YEAR_TO_DATE, QuantityKind.SINCE_START)
    known = [] if accumulates or cell.before is None else [("上期", cell.before)]
    known += [("上年同期", cell.last_year)] if cell.last_year is not None else []
    for words, value in known:
        if abs(value) < TEN or abs(cell.number) < TEN:
            continue
        ratio = abs(cell.number / value)
        if abs(ratio / TEN - 1) <= tolerance or abs(ratio * TEN - 1) <= tolerance:
            return (
                f"本期 {shown(cell.number)} 与{words} {shown(value)} 相差约 10 倍，是否多写或少写了一位，或小数点错位？"
                "请核实；确属如此的，请说明原因。"
            )
    return None


def _unit_meant(unit: str, exponent: int) -> str:
    """The unit in which the number would have been right: 亿元 and 4 too many digits → 万元; empty where there is none."""
    if unit in COUNTED:
        return ""
    for own, prefix in sorted(PREFIXES.items(), reverse=True):
        if (prefix and unit.startswith(prefix)) or not prefix:
            meant = PREFIXES.get(own + exponent)
            return meant + unit.removeprefix(prefix) if meant is not None and unit else ""
    return ""


def _told(cell: Cell, words: str, size: str, meant: str) -> str:
    unit = f"（{meant}）" if meant else ""
    right = f"本项以{cell.facts.unit}计，" if cell.facts.unit else ""
    return (
        f"本期 {shown(cell.number)} 与{words} 相差约 {size}，是否误用了单位{unit}？"
        f"{right}请核实；确属如此的，请说明原因。"
    )
