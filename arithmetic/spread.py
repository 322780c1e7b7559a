"""What is usual in a few numbers, robustly: one wild value doesn't move the median, nor the median deviation."""

from collections.abc import Sequence
from decimal import Decimal


def median(values: Sequence[Decimal]) -> Decimal:
    """The middle value; of an even count the mean of the middle two.

    Raises:
        ValueError: no value at all.
    """
    if not values:
        raise ValueError("nothing has no median")
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def median_deviation(values: Sequence[Decimal]) -> Decimal:
    """MAD: the median of the distances from the median.

    Raises:
        ValueError: no value at all.
    """
    centre = median(values)
    return median([abs(value - centre) for value in values])
