"""What looks odd in a cell: each check on a typed value, no row saved."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators.models import Indicator, QuantityKind
from plans.models import Plan, ReportingPeriod
from submissions.checks import compared as checks
from submissions.checks import missing_in, oddities_in
from submissions.checks.compared import Compared
from submissions.models import Figure, PublishedValue
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, reporter
from tests.factories.plans import period
from tests.factories.submissions import opened, published, saved


def half_year(year: int, month: int = 6) -> ReportingPeriod:
    return ReportingPeriod(name="1–6月", starts_on=date(year, 1, 1), ends_on=date(year, month, 30))


def cell(value: str, *, before: str | None = None, last_year: str | None = None, **fields: object) -> Compared:
    """A value of the first half of 2018 beside that of April 2018 and of a year before."""
    columns = {name: fields.pop(name) for name in ("reported_growth", "as_of", "parts") if name in fields}
    row = Indicator(plan=Plan(last_year=2020), **({"unit": "家", "kind": QuantityKind.STOCK, "target": None} | fields))
    figure = Figure(indicator=row, period=half_year(2018), value=Decimal(value), **columns)
    previous = None if before is None else PublishedValue(value=Decimal(before), period=half_year(2018, 4))
    return Compared(figure, Decimal(value), previous, None if last_year is None else Decimal(last_year))


class TestUnitSlip:
    @pytest.mark.parametrize("value", ["9741000", "97414300", "9.7", "0.97"])
    def test_a_thousand_or_ten_thousand_times_is_asked_about(self, value: str) -> None:
        assert "单位" in checks.unit_slip(cell(value, before="9741"))[1]

    @pytest.mark.parametrize("value", ["9741", "97410", "974"])
    def test_less_is_no_slip(self, value: str) -> None:
        assert checks.unit_slip(cell(value, before="9741")) is None

    def test_without_a_value_before_the_target_tells(self) -> None:
        assert checks.unit_slip(cell("11630000", target=Decimal(11630))) is not None


class TestJump:
    def test_more_than_three_times_is_asked_about(self) -> None:
        assert "为上期 10 的 3.1 倍" in checks.jump(cell("31", before="10"))[1]

    @pytest.mark.parametrize("value", ["30", "10", "4"])
    def test_up_to_three_times_is_not(self, value: str) -> None:
        assert checks.jump(cell(value, before="10")) is None

    def test_a_ratio_is_compared_in_points(self) -> None:
        assert "高 21 个百分点" in checks.jump(cell("61", before="40", kind=QuantityKind.RATIO, unit="%"))[1]
        assert checks.jump(cell("59", before="40", kind=QuantityKind.RATIO, unit="%")) is None

    def test_a_slip_of_the_unit_is_asked_about_once(self) -> None:
        assert checks.jump(cell("10000", before="10")) is None

    def test_nothing_is_compared_with_zero_or_nothing(self) -> None:
        assert checks.jump(cell("31", before="0")) is None
        assert checks.jump(cell("31")) is None


class TestCumulative:
    @pytest.mark.parametrize("kind", [QuantityKind.YEAR_TO_DATE, QuantityKind.SINCE_START])
    def test_a_fall_is_asked_about(self, kind: str) -> None:
        assert checks.falls_although_cumulative(cell("9", before="10", kind=kind)) is not None
        assert checks.falls_although_cumulative(cell("10", before="10", kind=kind)) is None

    def test_a_stock_may_fall(self) -> None:
        assert checks.falls_although_cumulative(cell("9", before="10")) is None

    def test_a_new_year_starts_anew(self) -> None:
        fresh = cell("9", before="10", kind=QuantityKind.YEAR_TO_DATE)
        fresh.previous.period.ends_on = date(2017, 12, 31)
        assert checks.falls_although_cumulative(fresh) is None


class TestOthers:
    def test_a_percentage_as_a_fraction(self) -> None:
        odd = checks.percent_as_fraction(cell("0.469", before="45.2", unit="%", kind=QuantityKind.RATIO))
        assert "如果是 46.9%，请改填 46.9" in odd[1]
        assert checks.percent_as_fraction(cell("0.469", before="0.45", unit="%", kind=QuantityKind.RATIO)) is None

    @pytest.mark.parametrize("day", [date(2017, 12, 31), date(2018, 7, 1)])
    def test_an_as_of_date_outside_of_the_period(self, day: date) -> None:
        assert checks.as_of_outside_period(cell("5", as_of=day)) is not None

    def test_an_as_of_date_within_it(self) -> None:
        assert checks.as_of_outside_period(cell("5", as_of=date(2018, 6, 30))) is None
        assert checks.as_of_outside_period(cell("5")) is None

    def test_growth_of_opposite_sign(self) -> None:
        odd = checks.growths_differ_in_sign(cell("98.4", last_year="100", reported_growth=Decimal("1.7")))
        assert "按数值下降 1.6%，可比价增速报 +1.7%" in odd[1]
        assert checks.growths_differ_in_sign(cell("102", last_year="100", reported_growth=Decimal("1.7"))) is None

    def test_parts_against_their_total(self) -> None:
        row = cell("51", parts=[{"name": "甲", "value": "47"}, {"name": "乙", "value": "3"}])
        assert "2 个分项合计 50，总数报 51，相差 1" in checks.parts_differ_from_total(row)[1]

    def test_parts_that_may_not_be_added_are_not_compared(self) -> None:
        row = cell("51", parts=[{"name": "甲", "value": "47"}, {"name": "乙", "value": "3"}])
        assert checks.parts_differ_from_total(replace(row, not_added=frozenset({"乙"}))) is None

    def test_far_beyond_the_target(self) -> None:
        assert "为 2020年目标 160 的 8.1 倍" in checks.far_beyond_target(cell("1298", target=Decimal(160)))[1]
        assert checks.far_beyond_target(cell("800", target=Decimal(160))) is None


@pytest.mark.django_db
class TestForm:
    def test_the_last_published_value_is_compared(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None)
        published(row, "10", of=period(of=row.plan, ends_on=date(2018, 3, 31)))
        form = opened(row)
        saved(form.figures.get(), "50", by=by)
        assert [(odd.kind, odd.anchor) for odd in oddities_in(form)] == [("jump", f"cell-{form.figures.get().pk}")]

    def test_a_withdrawn_value_is_not(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None)
        early = period(of=row.plan, ends_on=date(2018, 3, 31))
        published(row, "10", of=early, withdrawn_at="2018-07-01T00:00+08:00")
        form = opened(row)
        saved(form.figures.get(), "50", by=by)
        assert oddities_in(form) == []

    def test_another_organisations_value_is_not(self) -> None:
        by = reporter()
        row = indicator(lead=by.organisation, target=None)
        published(row, "10", by=organisation(), of=period(of=row.plan, ends_on=date(2018, 3, 31)))
        form = opened(row)
        saved(form.figures.get(), "50", by=by)
        assert oddities_in(form) == []

    def test_a_blank_cell_is_missing_and_not_odd(self) -> None:
        form = opened(indicator(lead=organisation()))
        assert [(found.kind, found.title) for found in missing_in(form)] == [("missing", "待填")]
        assert oddities_in(form) == []

    def test_more_cells_ask_no_more_queries(self, django_assert_max_num_queries) -> None:
        by = reporter()
        first = indicator(lead=by.organisation)
        form = opened(first, *[indicator(of=first.plan, lead=by.organisation) for _ in range(9)])
        for each in form.figures.all():
            saved(each, "50", by=by)
        with django_assert_max_num_queries(6):
            oddities_in(form)
