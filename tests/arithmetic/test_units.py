"""From one unit into another of the same thing: exact, or refused."""

from decimal import Decimal

import pytest

from arithmetic.units import converted, is_same_thing, unit_in, without_unit


@pytest.mark.parametrize(
    ("value", "unit", "into", "found"),
    [
        ("1.5", "亿元", "万元", "15000"),
        ("9458.29", "万元", "亿元", "0.945829"),
        ("3", "家", "家", "3"),
        ("12.34", "万㎡", "平方米", "123400"),
        ("46.9", "%", "％", "46.9"),
        ("1", "千元", "元", "1000"),
    ],
)
def test_a_number_is_written_in_another_unit_with_every_digit(value: str, unit: str, into: str, found: str) -> None:
    assert converted(Decimal(value), unit, into) == Decimal(found)


@pytest.mark.parametrize(("unit", "into"), [("亿元", "家"), ("%", "个百分点"), ("", "万元"), ("百分点", "%")])
def test_units_of_different_things_are_refused(unit: str, into: str) -> None:
    assert not is_same_thing(unit, into)
    with pytest.raises(ValueError, match="不能换算"):
        converted(Decimal(1), unit, into)


def test_a_unit_stands_in_brackets_at_the_end() -> None:
    assert unit_in("目标值（单位：万元）") == "万元"
    assert unit_in("工业总产值(亿元)") == "亿元"
    assert unit_in("完成率") == ""
    assert without_unit("工业总产值(亿元)") == "工业总产值"
