"""What is usual in a few numbers: the median, and the median distance from it."""

from decimal import Decimal

import pytest

from arithmetic.spread import median, median_deviation


def numbers(*values: str) -> list[Decimal]:
    return [Decimal(value) for value in values]


class TestMedian:
    @pytest.mark.parametrize(
        ("values", "middle"), [(("3", "1", "2"), "2"), (("4", "1", "3", "2"), "2.5"), (("7",), "7")]
    )
    def test_it_is_the_middle(self, values: tuple[str, ...], middle: str) -> None:
        assert median(numbers(*values)) == Decimal(middle)

    def test_one_wild_value_does_not_move_it(self) -> None:
        assert median(numbers("1", "2", "3", "4", "1000000")) == 3

    def test_nothing_has_none(self) -> None:
        with pytest.raises(ValueError, match="no median"):
            median([])


class TestMedianDeviation:
    def test_it_is_the_median_distance(self) -> None:
        assert median_deviation(numbers("1", "1", "2", "2", "4", "6", "9")) == 1

    def test_it_is_exact(self) -> None:
        assert median_deviation(numbers("0.1", "0.2", "0.3")) == Decimal("0.1")
