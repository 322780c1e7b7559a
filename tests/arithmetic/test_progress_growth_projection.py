"""Time passed, growth of two kinds, required growth, projection."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arithmetic.as_of import AsOf, Precision, year_end
from arithmetic.growth import average_growth, growth_gap, nominal_growth, required_growth, root
from arithmetic.progress import completion_rate, progress, time_passed
from arithmetic.projection import REFERENCE_ONLY, GrowthOf, project
from arithmetic.shown import rounded


class TestTimePassed:
    @pytest.mark.parametrize(
        ("as_of", "share"),
        [
            (year_end(2017), "0.4"),
            (AsOf(datetime.date(2017, 6, 1), Precision.YEAR), "0.4"),
            (AsOf(datetime.date(2018, 3, 31), Precision.MONTH_END), "0.45"),
            (AsOf(datetime.date(2018, 5, 1), Precision.MONTH), "0.48333"),
            (AsOf(datetime.date(2018, 6, 30)), "0.5"),
            (AsOf(datetime.date(2018, 6, 15)), "0.49167"),
            (year_end(2015), "0"),
            (year_end(2014), "0"),
            (year_end(2022), "1"),
        ],
    )
    def test_it_is_counted_in_months_from_the_end_of_the_base_year(self, as_of: AsOf, share: str) -> None:
        assert rounded(time_passed(as_of, base_year=2015, end_year=2020), 5) == Decimal(share)

    def test_a_plan_without_years_is_refused(self) -> None:
        with pytest.raises(ValueError, match="after the base year"):
            time_passed(year_end(2015), base_year=2020, end_year=2020)


class TestProgress:
    def test_it_is_the_same_for_falling_targets(self) -> None:
        assert progress(Decimal(35), Decimal(40), Decimal(30)) == Decimal("0.5")

    @pytest.mark.parametrize(
        ("base", "target"), [(None, Decimal(5)), (Decimal(5), None), (Decimal(5), Decimal("5.0"))]
    )
    def test_there_is_none_without_a_distance(self, base: Decimal | None, target: Decimal | None) -> None:
        assert progress(Decimal(3), base, target) is None

    def test_a_target_of_zero_has_no_completion_rate(self) -> None:
        assert completion_rate(Decimal(3), Decimal(0)) is None


class TestGrowth:
    def test_reported_and_nominal_growth_differ_and_the_difference_is_in_points(self) -> None:
        nominal = nominal_growth(Decimal("98"), Decimal("100"))
        assert nominal == Decimal("-2")
        assert growth_gap(nominal, Decimal("1.5")) == Decimal("-3.5")

    def test_no_growth_is_computed_from_zero_or_against_nothing(self) -> None:
        assert nominal_growth(Decimal(5), Decimal(0)) is None
        assert growth_gap(None, Decimal(1)) is None

    @pytest.mark.parametrize(("value", "target", "rate"), [("100", "133.1", "10.0"), ("80", "100", "7.7")])
    def test_required_growth_is_the_exact_root(self, value: str, target: str, rate: str) -> None:
        needed = required_growth(Decimal(value), Decimal(target), 3)
        assert needed is not None
        assert rounded(needed, 1) == Decimal(rate)

    def test_no_rate_leads_from_nothing_or_in_no_time(self) -> None:
        assert required_growth(Decimal(0), Decimal(5), 3) is None
        assert required_growth(Decimal(5), Decimal(9), 0) is None

    def test_average_growth_runs_from_base_to_value(self) -> None:
        rate = average_growth(Decimal(121), Decimal(100), 2)
        assert rate is not None
        assert rounded(rate, 12) == Decimal(10)

    @given(st.decimals(min_value="0.001", max_value=10**9, places=3), st.integers(1, 30))
    def test_a_root_raised_again_is_the_number(self, number: Decimal, degree: int) -> None:
        assert abs(root(number, degree) ** degree / number - 1) < Decimal("1e-24")


class TestProjection:
    @pytest.mark.parametrize(("value", "end"), [("100", "113.4"), ("2000", "2268.5")])
    def test_two_years_of_growth(self, value: str, end: str) -> None:
        path = project(Decimal(value), year=2018, rates={2019: Decimal("6.5"), 2020: Decimal("6.5")})
        assert rounded(path.end, 1) == Decimal(end)
        assert path.note == ""

    def test_a_real_rate_on_nominal_values_says_so(self) -> None:
        path = project(Decimal(1), year=2018, rates={2019: Decimal(5)}, growth_of=GrowthOf.COMPARABLE)
        assert path.note == REFERENCE_ONLY

    @pytest.mark.parametrize("rates", [{}, {2020: Decimal(1)}, {2019: Decimal(1), 2021: Decimal(1)}])
    def test_a_gap_in_the_years_is_refused(self, rates: dict[int, Decimal]) -> None:
        with pytest.raises(ValueError, match="without a gap"):
            project(Decimal(1), year=2018, rates=rates)
