"""Numbers as printed, and the small drawings."""

from datetime import date
from decimal import Decimal

import pytest

from evaluation.queries import assess_plan
from overview.drawing import bar_of, line_of, time_on
from overview.showing import printed_on_screen
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation
from tests.factories.submissions import published


@pytest.mark.parametrize(
    ("printed", "value", "shown"),
    [
        ("11304.35", "11304.35", "11,304.35"),
        ("2166.00", "2166", "2,166.00"),
        ("", "1234.500000", "1,234.5"),
        ("-5.5", "-5.5", "−5.5"),
        ("＞60", "60", "＞60"),
        ("47＋1＋3", "51", "47＋1＋3"),
        ("——", None, "——"),
        ("-", None, "-"),
        ("/", None, "/"),
        ("", None, "—"),
    ],
)
def test_a_number_keeps_its_decimals_and_everything_else_its_writing(printed: str, value: str, shown: str) -> None:
    assert printed_on_screen(printed, None if value is None else Decimal(value)) == shown


def assessed(*values: str | None, **fields: object):
    row, by = indicator(**fields), organisation()
    for year, value in zip((2016, 2017), values, strict=False):
        published(row, value, as_of=date(year, 12, 31), by=by)
    return assess_plan(row.plan, until=date(2018, 6, 30))[0]


@pytest.mark.django_db
class TestTheBar:
    def test_is_as_long_as_the_way_gone(self) -> None:
        assert bar_of(assessed("20")).fill == Decimal("20.0")

    def test_is_empty_below_the_base_and_full_beyond_the_target(self) -> None:
        assert bar_of(assessed("90", base=Decimal(100), target=Decimal(110))).fill == 0
        assert bar_of(assessed("250")).fill == 100

    def test_has_its_tick_where_time_stands(self) -> None:
        assert bar_of(assessed("10", "20")).tick == Decimal("40.0")

    def test_without_a_base_is_the_completion_rate_and_says_so(self) -> None:
        bar = bar_of(assessed("39", base=None, base_missing="not_obtained"))
        assert (bar.fill, bar.is_completion_rate) == (Decimal("39.0"), True)

    def test_is_not_drawn_without_a_value(self) -> None:
        assert bar_of(assessed()) is None
        assert bar_of(assessed(None)) is None


@pytest.mark.django_db
class TestTheLine:
    def test_goes_from_the_base_through_every_value(self) -> None:
        assert line_of(assessed("10", "20")).points.count(",") == 3

    def test_is_not_drawn_from_one_point(self) -> None:
        assert line_of(assessed("10", base=None, base_missing="not_set")) is None

    def test_lies_in_the_middle_where_nothing_changes(self) -> None:
        line = line_of(assessed("1", base=Decimal(1), target=Decimal(1)))
        assert {point.split(",")[1] for point in line.points.split()} == {"11.0"}


def test_time_begins_after_the_base_year_and_ends_with_the_last() -> None:
    years = {"base_year": 2015, "end_year": 2020}
    days = (date(2015, 12, 31), date(2018, 6, 30), date(2023, 1, 1))
    assert [time_on(day, **years) for day in days] == [0, Decimal("0.5"), 1]
