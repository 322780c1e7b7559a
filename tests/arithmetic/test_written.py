"""What people type is read as exactly one number, or refused with a remedy; never as another number."""

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arithmetic.written import Bound, Form, Marker, Unreadable, read_number, read_value


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", "1234"),
        ("１２３４", "1234"),
        ("1,234", "1234"),
        ("１，２３４", "1234"),
        ("1 234", "1234"),
        ("1,234,567.89", "1234567.89"),
        ("  12.50 ", "12.50"),
        ("0", "0"),
        ("-0", "0"),
        ("-5", "-5"),
        ("−5", "-5"),
        ("－５", "-5"),
        ("﹣5.5", "-5.5"),
        ("+5", "5"),
        ("1.2万", "12000"),
        ("3.5亿", "350000000"),
        ("１．２万", "12000"),
        ("2万亿", "2000000000000"),
        ("1.23456万", "12345.6"),
    ],
)
def test_a_number_is_read_exactly(text: str, number: str) -> None:
    assert str(read_number(text).value) == number


@pytest.mark.parametrize(
    ("text", "unit", "number", "asks"),
    [
        ("12.5%", "%", "12.5", False),
        ("12.5％", "", "12.5", False),
        ("12.5", "%", "12.5", False),
        ("0.125", "%", "0.125", True),
        ("0", "%", "0", False),
        ("1", "%", "1", True),
        ("0.125", "亿元", "0.125", False),
        ("1234家", "家", "1234", True),
        ("3.5亿元", "亿元", "3.5", True),
        ("1.2万家", "家", "12000", True),
        ("1 234", "", "1234", True),
        ("1,234", "", "1234", False),
    ],
)
def test_the_unit_decides_and_what_could_mean_something_else_is_asked(
    text: str, unit: str, number: str, asks: bool
) -> None:
    written = read_number(text, unit=unit)
    assert (str(written.value), written.needs_confirmation) == (number, asks)


@pytest.mark.parametrize(
    ("text", "unit", "sentence"),
    [
        ("１２３", "", "“１２３”理解为 123。"),
        ("1.2万", "", "“1.2万”理解为 12,000。"),
        ("0.125", "%", "“0.125”理解为 0.125%（不是 12.5%）。如果是 12.5%，请改填 12.5。"),
        ("7+2+1", "", "“7+2+1”理解为 3 个分项，合计 10。"),
        (">10", "", "“>10”理解为大于 10。"),
        ("1234", "", ""),
        ("＞10", "", ""),
    ],
)
def test_what_was_understood_is_shown_back(text: str, unit: str, sentence: str) -> None:
    assert read_number(text, unit=unit).understood_as == sentence


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("＞10", Bound.ABOVE),
        (">10", Bound.ABOVE),
        ("≥10", Bound.AT_LEAST),
        (">=10", Bound.AT_LEAST),
        ("≤10", Bound.AT_MOST),
    ],
)
def test_a_bound_keeps_its_side_and_is_no_reported_value(text: str, bound: Bound) -> None:
    written = read_number(text)
    assert (written.form, written.bound, written.value) == (Form.BOUND, bound, Decimal(10))
    with pytest.raises(Unreadable, match="是一个范围，不是完成值"):
        read_value(text)


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("", Marker.BLANK),
        ("　 ", Marker.BLANK),
        ("-", Marker.HYPHEN),
        ("－", Marker.HYPHEN),
        ("——", Marker.DASH),
        ("—", Marker.DASH),
        ("/", Marker.SLASH),
    ],
)
def test_a_marker_is_recognised_and_has_no_number(text: str, marker: Marker) -> None:
    written = read_number(text)
    assert (written.marker, written.value) == (marker, None)


@pytest.mark.parametrize("text", ["7+2+1", "７＋２＋１", "7 + 2 + 1"])
def test_parts_are_kept_and_their_total_is_asked(text: str) -> None:
    written = read_number(text)
    assert (written.parts, written.value) == ((Decimal(7), Decimal(2), Decimal(1)), Decimal(10))
    assert written.needs_confirmation


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("NaN", "不是一个数"),
        ("-Infinity", "不是一个数"),
        ("1e5", "科学记数法"),
        ("1.2E-3", "科学记数法"),
        ("0x1F", "不是十进制数"),
        ("2018-06-30", "像是日期"),
        ("2018/6/30", "像是日期"),
        ("2018年5月", "像是日期"),
        ("2017年底", "像是日期"),
        ("5-10", "是一个范围"),
        ("3/4", "是一个分数"),
        ("100/300", "是一个分数"),
        ("1,23", "分隔符不规范"),
        ("12,34", "分隔符不规范"),
        ("1.2.3", "分隔符不规范"),
        ("1,234 567", "分隔符不规范"),
        ("007", "以 0 开头"),
        (".5", "0.5"),
        ("5.", "小数点后没有数字"),
        ("(5)", "负数"),
        ("=1+2", "公式"),
        ("#DIV/0!", "错误提示"),
        ("一百二十", "中文数字"),
        ("١٢٣", "不是一个确定的数"),
        ("--5", "不是一个确定的数"),
        ("5+-3", "不是一个确定的数"),
        ("12 家 34", "不是一个确定的数"),
        ("9" * 30, "超过"),
        ("9" * 70, "内容太长"),
        ("无", "不是一个确定的数"),
    ],
)
def test_everything_else_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_number(text)


@pytest.mark.parametrize("text", ["12.5%", "3.5亿", "1.2万"])
def test_a_writing_that_fights_with_the_unit_is_refused(text: str) -> None:
    with pytest.raises(Unreadable, match="单位是亿元"):
        read_number(text, unit="亿元")


def test_an_estimate_is_refused_with_the_remedy() -> None:
    with pytest.raises(Unreadable) as refusal:
        read_number("约1234")
    assert refusal.value.why == "“约1234”不是一个确定的数。请只填数字（如 1234）；确属估计的，把“约”写在说明里。"


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=4))
def test_a_number_that_was_shown_is_read_back_as_itself(number: Decimal) -> None:
    for text in (f"{number:f}", f"{number:,f}"):
        assert read_number(text).value == number


@given(st.text(max_size=70), st.sampled_from(["", "%", "亿元", "家"]))
def test_any_text_is_one_finite_number_or_a_marker_or_refused(text: str, unit: str) -> None:
    with contextlib.suppress(Unreadable):
        written = read_number(text, unit=unit)
        assert (written.value is None) == (written.form is Form.MARKER)
        assert written.value is None or written.value.is_finite()
