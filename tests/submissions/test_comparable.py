"""上期 and 上年同期 hold values of the same length and kind against each other."""

from datetime import date

import pytest

from indicators.models import QuantityKind as Kind
from plans.models import PeriodKind, ReportingPeriod
from submissions.comparable import Span, is_year_before, may_follow, span_of
from submissions.models import Figure
from submissions.queries.previous import last_year_values, previous_values
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation
from tests.factories.plans import period
from tests.factories.submissions import opened, published


def span(starts_on: str, until: str) -> Span:
    return Span(date.fromisoformat(starts_on), date.fromisoformat(until))


YEAR_2017, YEAR_2018 = span("2017-01-01", "2017-12-31"), span("2018-01-01", "2018-12-31")
Q1, Q2, Q2_2017 = span("2018-01-01", "2018-03-31"), span("2018-04-01", "2018-06-30"), span("2017-04-01", "2017-06-30")
HALF, HALF_2017, MONTH = (
    span("2018-01-01", "2018-06-30"),
    span("2017-01-01", "2017-06-30"),
    span("2018-05-01", "2018-05-31"),
)


class TestLast:
    @pytest.mark.parametrize(
        ("kind", "later", "earlier", "may"),
        [
            (Kind.PERIOD, Q2, Q1, True),
            (Kind.PERIOD, Q2, YEAR_2017, False),  # a quarter is not held against a year
            (Kind.PERIOD, Q2, MONTH, False),
            (Kind.ANNUAL, YEAR_2018, YEAR_2017, True),
            (Kind.ANNUAL, YEAR_2018, HALF, False),
            (Kind.YEAR_TO_DATE, HALF, Q1, True),
            (Kind.YEAR_TO_DATE, Q1, YEAR_2017, False),  # it starts anew each January
            (Kind.STOCK, Q2, YEAR_2017, True),
            (Kind.SINCE_START, Q1, YEAR_2017, True),
            (Kind.RATIO, HALF, Q1, True),
            (Kind.RATIO, Q1, YEAR_2017, False),
            (Kind.GROWTH, YEAR_2018, YEAR_2017, True),
        ],
    )
    def test_like_is_held_against_like(self, kind: str, later: Span, earlier: Span, may: bool) -> None:
        assert may_follow(kind, later, earlier) is may

    @pytest.mark.parametrize("kind", Kind.values)
    def test_nothing_follows_itself_or_what_is_later(self, kind: str) -> None:
        assert not may_follow(kind, Q1, Q1)
        assert not may_follow(kind, Q1, Q2)


class TestYearBefore:
    @pytest.mark.parametrize(
        ("kind", "later", "earlier", "is_so"),
        [
            (Kind.PERIOD, Q2, Q2_2017, True),
            (Kind.PERIOD, Q2, HALF_2017, False),  # ends in the same month, and is twice as long
            (Kind.RATIO, Q2, HALF_2017, False),
            (Kind.YEAR_TO_DATE, Q2, HALF_2017, True),  # both count from January
            (Kind.STOCK, Q2, HALF_2017, True),
            (Kind.STOCK, Q2, YEAR_2017, False),
        ],
    )
    def test_it_ends_a_year_before_and_is_as_long(self, kind: str, later: Span, earlier: Span, is_so: bool) -> None:
        assert is_year_before(kind, later, earlier) is is_so


class TestSpan:
    def test_an_own_as_of_date_counts(self) -> None:
        year = ReportingPeriod(kind=PeriodKind.YEAR, starts_on=date(2018, 1, 1), ends_on=date(2018, 12, 31))
        assert span_of(Figure(as_of=date(2018, 11, 30)), year).until == date(2018, 11, 30)
        assert span_of(Figure(as_of=date(2019, 1, 31)), year).until == date(2018, 12, 31)
        assert span_of(Figure(), year).months == 12

    def test_a_special_round_counts_from_january(self) -> None:
        middle = ReportingPeriod(kind=PeriodKind.SPECIAL, starts_on=date(2016, 1, 1), ends_on=date(2018, 6, 30))
        assert span_of(Figure(), middle).months == 6
        assert span_of(Figure(as_of=date(2017, 12, 31)), middle).months == 12


@pytest.mark.django_db
class TestBesideTheForm:
    def test_a_quarters_flow_finds_last_years_quarter_and_not_the_half_year(self) -> None:
        row = indicator(lead=organisation(), kind=Kind.PERIOD, frequency="quarter")
        half = period(of=row.plan, kind=PeriodKind.HALF_YEAR, ends_on=date(2017, 6, 30))
        quarter = {"kind": PeriodKind.QUARTER, "starts_on": date(2017, 4, 1), "ends_on": date(2017, 6, 30)}
        published(row, "200", of=half, as_of=None)
        published(row, "110", of=period(of=row.plan, **quarter), as_of=None)
        form = opened(row, kind=PeriodKind.QUARTER, starts_on=date(2018, 4, 1), ends_on=date(2018, 6, 30))
        assert last_year_values(form)[row.pk].value == 110
        assert previous_values(form)[row.pk].value == 110

    def test_a_years_value_is_not_called_the_last_of_a_quarter(self) -> None:
        row = indicator(lead=organisation(), kind=Kind.PERIOD, frequency="quarter")
        published(row, "400", of=period(of=row.plan, kind=PeriodKind.YEAR, ends_on=date(2017, 12, 31)), as_of=None)
        form = opened(row, kind=PeriodKind.QUARTER, starts_on=date(2018, 1, 1), ends_on=date(2018, 3, 31))
        assert previous_values(form) == {}
