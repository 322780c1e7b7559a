"""Numbers, dates and deadlines as officials read them."""

import datetime
from decimal import Decimal

import pytest

from arithmetic import shown


@pytest.mark.parametrize(
    ("number", "places", "screen", "document"),
    [
        ("8642.31", None, "8,642.31", "8642.31"),
        ("12345.670000", None, "12,345.67", "12345.67"),
        ("-20.05", None, "−20.05", "-20.05"),
        ("200", None, "200", "200"),
        ("0.00", None, "0", "0"),
        ("-0.04", 1, "0.0", "0.0"),
        ("2.25", 1, "2.3", "2.3"),
        ("-2.25", 1, "−2.3", "-2.3"),
        ("1234567", 2, "1,234,567.00", "1234567.00"),
    ],
)
def test_separators_stand_on_screen_and_not_in_documents(
    number: str, places: int | None, screen: str, document: str
) -> None:
    assert shown.number_on_screen(Decimal(number), places=places) == screen
    assert shown.number_in_document(Decimal(number), places=places) == document


def test_what_is_absent_is_a_dash_and_never_a_zero() -> None:
    functions = [shown.number_on_screen, shown.number_in_document, shown.signed_on_screen, shown.percent, shown.growth]
    assert {show(None) for show in [*functions, shown.percentage_points, shown.as_of_in_words]} == {"—"}


@pytest.mark.parametrize(("change", "text"), [("281.7", "+281.7"), ("-20.05", "−20.05"), ("0", "0")])
def test_a_change_has_its_sign(change: str, text: str) -> None:
    assert shown.signed_on_screen(Decimal(change)) == text


@pytest.mark.parametrize(
    ("ratio", "text"), [("0.2554", "25.5%"), ("1", "100%"), ("0.4", "40.0%"), ("5.1234", "512.3%")]
)
def test_a_ratio_is_a_percentage(ratio: str, text: str) -> None:
    assert shown.percent(Decimal(ratio)) == text


def test_growth_and_points_are_not_written_alike() -> None:
    assert shown.growth(Decimal("-2.468")) == "−2.5%"
    assert shown.percentage_points(Decimal("3.75")) == "3.75 个百分点"


def test_a_number_that_is_not_finite_is_never_shown() -> None:
    with pytest.raises(ValueError, match="finite"):
        shown.number_on_screen(Decimal("NaN"))


@pytest.mark.parametrize(("left", "text"), [(5, "还剩 5 个工作日"), (0, "今天截止"), (-2, "已逾期 2 个工作日")])
def test_working_days_are_told_in_words(left: int, text: str) -> None:
    assert shown.working_days_in_words(left) == text


@pytest.mark.parametrize(
    ("number", "text"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (35, "三十五"), (99, "九十九")]
)
def test_headings_are_numbered_in_chinese(number: int, text: str) -> None:
    assert shown.numeral(number) == text


@pytest.mark.parametrize("number", [0, 100])
def test_no_heading_is_numbered_beyond(number: int) -> None:
    with pytest.raises(ValueError, match="no heading"):
        shown.numeral(number)


def test_a_day_and_its_weekday() -> None:
    day = datetime.date(2018, 7, 20)
    assert shown.day_in_words(day) + shown.weekday_in_words(day) == "2018年7月20日星期五"
    assert shown.short_day_in_words(day) == "7月20日"
