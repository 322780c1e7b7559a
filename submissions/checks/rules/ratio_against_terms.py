"""A ratio against its numerator and denominator: its own two parts, or two other figures of the form."""

from decimal import Decimal

from arithmetic.shown import percentage_points, rounded
from indicators.models import QuantityKind
from submissions.checks.cell import Cell, shown
from submissions.checks.rule import Scope, Values, rule


@rule(
    "比率与分子分母不一致",
    "比率与其两个分项（分子、分母），或与设定的两项指标之比相差较大。",
    scope=Scope.FORM,
    about=("value", "parts"),
    numerator=("分子的指标序号", ""),
    denominator=("分母的指标序号", ""),
    tolerance=("容差（百分点）", "0.1"),
)
def ratio_against_terms(cell: Cell, at: Values) -> str | None:
    """The ratio as reported, against the one of its terms, beside what rounding allows."""
    terms = _terms(cell, at)
    if cell.facts.kind != QuantityKind.RATIO or terms is None or terms[1] == 0:
        return None
    scale = Decimal(100) if cell.facts.unit == "%" else Decimal(1)
    ratio = terms[0] / terms[1] * scale
    gap = abs(ratio - cell.number)
    if gap <= at["tolerance"] + Decimal(5).scaleb(-cell.facts.decimals - 1):
        return None
    unit = cell.facts.unit
    size = percentage_points(rounded(gap, 2)) if unit == "%" else shown(rounded(gap, 4))
    return (
        f"本期报 {shown(cell.number)}{unit}，按分子 {shown(terms[0])}、分母 {shown(terms[1])} 计算与此相差 {size}。"
        "请核对比率、分子和分母；口径不同的，请说明原因。"
    )


def _terms(cell: Cell, at: Values) -> tuple[Decimal, Decimal] | None:
    named = (at.get("numerator"), at.get("denominator"))
    if named[0] is not None and named[1] is not None:
        known = [cell.others.get(int(number)) for number in named if number is not None]
        return (known[0], known[1]) if known[0] is not None and known[1] is not None else None
    if len(cell.parts) != 2 or any(part.may_be_added for part in cell.facts.parts):
        return None
    return cell.parts[0].value, cell.parts[1].value
