"""As-of dates, read as people write them."""

from datetime import date

import pytest

from arithmetic.as_of import AsOf, Precision, read_as_of

UNDERSTOOD = [
    ("2017年底", date(2017, 12, 31), Precision.YEAR_END),
    ("2017年末", date(2017, 12, 31), Precision.YEAR_END),
    ("2018年3月底", date(2018, 3, 31), Precision.MONTH_END),
    ("2018年5月", date(2018, 5, 31), Precision.MONTH),
    ("2018-05", date(2018, 5, 31), Precision.MONTH),
    ("2016年2月", date(2016, 2, 29), Precision.MONTH),
    ("2018年6月30日", date(2018, 6, 30), Precision.DAY),
    ("2018年06月30日", date(2018, 6, 30), Precision.DAY),
    ("2018-06-30", date(2018, 6, 30), Precision.DAY),
    ("2018/6/30", date(2018, 6, 30), Precision.DAY),
    ("2018.6.30", date(2018, 6, 30), Precision.DAY),
    ("２０１８年６月３０日", date(2018, 6, 30), Precision.DAY),
    ("2017年", date(2017, 12, 31), Precision.YEAR),
    ("2017", date(2017, 12, 31), Precision.YEAR),
]
REFUSED = [
    "",
    "去年底",
    "18年底",
    "2018年13月",
    "2018-6/30",
    "6月30日",
    "2018年一季度",
    "20180630",
    "1018年底",
    "2018年0月",
]


@pytest.mark.parametrize(("text", "day", "precision"), UNDERSTOOD)
def test_a_date_is_read_in_its_own_precision(text: str, day: date, precision: Precision) -> None:
    assert read_as_of(text) == (AsOf(day, precision), text)


def test_spaces_are_no_part_of_what_was_written() -> None:
    assert read_as_of(" 2018 年 6 月 30 日 ") == (AsOf(date(2018, 6, 30)), "2018年6月30日")


@pytest.mark.parametrize("text", REFUSED)
def test_anything_else_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(ValueError, match="不是能确定的日期"):
        read_as_of(text)


def test_a_day_that_the_month_does_not_have_is_refused() -> None:
    with pytest.raises(ValueError, match="2018年2月没有 30 日"):
        read_as_of("2018年2月30日")
