"""Growth, in percent (2.5 is 2.5 %), of two kinds that must never be mixed.

Nominal growth 名义增速 is computed from values; growth at comparable prices 可比价增速 is reported by the statistics
bureau and never computed here. What they differ by holds prices, scope and revised bases: 名义与实际增速差异, never
a deflator.
"""

from decimal import Decimal, localcontext

GAP_NAME = "名义与实际增速差异"
_EXTRA_DIGITS = 40


def nominal_growth(value: Decimal, previous: Decimal) -> Decimal | None:
    """名义增速 in percent. None where the earlier value is 0 or negative: no percentage means anything then."""
    if previous <= 0:
        return None
    return (value / previous - 1) * 100


def growth_gap(nominal: Decimal | None, comparable: Decimal | None) -> Decimal | None:
    """名义与实际增速差异 in percentage points: nominal − comparable. None where either is missing."""
    if nominal is None or comparable is None:
        return None
    return nominal - comparable


def required_growth(value: Decimal, target: Decimal, years: int) -> Decimal | None:
    """The growth in percent needed in each of `years` years for `value` to become `target`: 100, 121, 2 → 10.

    None where no rate does it: a value or target that isn't positive, or no year left.
    """
    if value <= 0 or target <= 0 or years < 1:
        return None
    return (root(target / value, years) - 1) * 100


def average_growth(value: Decimal, base: Decimal, years: int) -> Decimal | None:
    """年均增速 in percent from `base` to `value` over `years` years; None as for `required_growth`."""
    return required_growth(base, value, years)


def root(number: Decimal, degree: int) -> Decimal:
    """The positive `degree`-th root of a positive number, to the precision of the current context.

    Raises:
        ValueError: a number or degree that isn't positive.
    """
    if number <= 0 or degree < 1:
        raise ValueError("only positive roots of positive numbers")
    with localcontext() as context:
        context.prec = _EXTRA_DIGITS
        precise = number ** (Decimal(1) / degree)
    return +precise
