"""Every rule has a case that fires, with what it says, and one near it that must not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arithmetic.as_of import AsOf, Precision
from arithmetic.goal import Direction, Kind
from submissions.checks.cell import PartFacts, PartValue
from submissions.checks.rules import BY_CODE, RULES
from submissions.models import Figure
from submissions.queries.streets import Part, StreetParts
from tests.submissions.checks.cells import cell, codes, earlier, said

APART = (PartFacts("分子", "亿元", may_be_added=False), PartFacts("分母", "亿元", may_be_added=False))
MARCH, JUNE, DECEMBER = date(2018, 3, 31), date(2018, 6, 30), date(2018, 12, 31)


def parts(*values: str) -> tuple[PartValue, ...]:
    return tuple(PartValue(f"分项{place}", Decimal(value)) for place, value in enumerate(values))


def streets(*values: str) -> StreetParts:
    return StreetParts(tuple(Part(f"街道{value}", Figure(value=Decimal(value), answer="value")) for value in values))


def quarters(*values: str) -> tuple[Any, ...]:
    """Flows of the quarters up to the one before June 2018, oldest first."""
    ends = [date(2016 + place // 4, (3, 6, 9, 12)[place % 4], 28) for place in range(9)]
    return tuple(earlier(value, end, 3) for value, end in zip(values, ends[9 - len(values) :], strict=True))


STEADY = quarters("100", "104", "107", "112", "115", "120", "123", "128")

# code, the cell on which it fires, what it says, and the near one on which it keeps silent
CASES = [
    ("required", {"value": None}, "还没有填写。请填以家计的数", {"value": "0", "answer": "zero"}),
    ("precision", {"value": "9.125", "decimals": 2}, "有 3 位小数，本项按 2 位小数", {"value": "9.1200", "decimals": 2}),
    ("whole_number", {"value": "9.5"}, "以家计，应为整数", {"value": "9.5", "unit": "亿元"}),
    ("whole_number", {"value": "0.5"}, "本期 0.5", {"value": "10"}),
    ("sign", {"value": "-3"}, "请核对正负号", {"value": "-3", "kind": Kind.YEAR_TO_DATE}),
    ("sign", {"value": "-3", "before": "5"}, "−3", {"value": "-3", "before": "-5"}),
    (
        "out_of_range",
        {"value": "101", "kind": Kind.RATIO, "unit": "%"},
        "不低于 0、不高于 100",
        {"value": "101", "kind": Kind.RATIO, "unit": "%", "target": Decimal(120)},
    ),
    (
        "out_of_range",
        {"value": "140", "kind": Kind.GROWTH, "unit": "%"},
        "不低于 −60、不高于 100",
        {"value": "35", "kind": Kind.GROWTH, "unit": "%"},
    ),
    (
        "unit_slip",
        {"value": "97414300", "before": "9458.29", "unit": "亿元"},
        "本期 97,414,300 与上期 9,458.29 相差约 1 万倍，是否误用了单位（万元）？本项以亿元计，请核实",
        {"value": "47414", "before": "9458.29", "unit": "亿元"},
    ),
    ("unit_slip", {"value": "9741000", "before": "9458"}, "1,000 倍", {"value": "97410", "before": "9458", "on": JUNE, "kind": Kind.SINCE_START}),
    ("unit_slip", {"value": "945829000", "before": "9458.29", "unit": "亿元"}, "10 万倍，是否误用了单位（千元）", {"value": "9459", "before": "9458.29"}),
    ("unit_slip", {"value": "974143000000", "before": "9741.43", "unit": "亿元"}, "1 亿倍，是否误用了单位（元）", {"value": "974143", "before": "9741.43"}),
    ("unit_slip", {"value": "0.97", "before": "9741"}, "1 万倍", {"value": "974", "before": "1200"}),
    ("unit_slip", {"value": "1240", "before": "120"}, "约 10 倍，是否多写或少写了一位", {"value": "900", "before": "120"}),
    ("unit_slip", {"value": "11630000", "target": Decimal(11630)}, "目标 11,630", {"value": "11", "target": Decimal(11630)}),
    ("unit_slip", {"value": "26000000", "base": Decimal(2600)}, "基数 2,600", {"value": "1298", "base": Decimal(6)}),
    (
        "percent_as_fraction",
        {"value": "0.469", "before": "45.2", "kind": Kind.RATIO, "unit": "%"},
        "而上期 45.2",
        {"value": "0.469", "before": "0.45", "kind": Kind.RATIO, "unit": "%"},
    ),
    (
        "cumulative_falls",
        {"value": "9", "before": "10", "kind": Kind.YEAR_TO_DATE},
        "低于上期的 10，减少 1；本年累计一般不会下降。请核对；确因核减、退库或更正的",
        {"value": "10", "before": "10", "kind": Kind.YEAR_TO_DATE},
    ),
    ("cumulative_falls", {"value": "9", "before": "10", "kind": Kind.SINCE_START}, "规划期累计", {"value": "9", "before": "10"}),
    (
        "cumulative_falls",
        {"value": "9", "before": "10", "kind": Kind.YEAR_TO_DATE},
        "下降",
        {"value": "9", "before": "10", "kind": Kind.YEAR_TO_DATE, "on": MARCH},  # before is December's
    ),
    (
        "year_starts_anew",
        {"value": "130", "kind": Kind.YEAR_TO_DATE, "on": MARCH, "before": "100"},
        "1–3月报 130，为上年全年 100 的 130%；3 个月一般约占全年的 25%",
        {"value": "31", "kind": Kind.YEAR_TO_DATE, "on": MARCH, "before": "100"},
    ),
    ("stock_drops", {"value": "60", "before": "100"}, "减少 40%", {"value": "75", "before": "100"}),
    ("stock_drops", {"value": "1", "before": "100"}, "本期新增", {"value": "1", "before": "3"}),
    (
        "unusual_change",
        {"value": "160", "kind": Kind.PERIOD, "series": STEADY},
        "此前 7 次变动的中位数为",
        {"value": "140", "kind": Kind.PERIOD, "series": STEADY},
    ),
    ("unusual_change", {"value": "31", "before": "10"}, "没有可比的历史变动，暂按 0.33 倍至 3 倍判断", {"value": "30", "before": "10"}),
    ("unusual_change", {"value": "31", "before": "10"}, "为上期 10 的 3.1 倍", {"value": "9", "before": "2"}),
    (
        "unusual_change",
        {"value": "61", "before": "40", "kind": Kind.RATIO, "unit": "%"},
        "高 21 个百分点",
        {"value": "59", "before": "40", "kind": Kind.RATIO, "unit": "%"},
    ),
    (
        "unusual_change",
        {"value": "90", "before": "20", "kind": Kind.YEAR_TO_DATE},
        "为上期 20 的 4.5 倍",
        {"value": "78", "before": "20", "kind": Kind.YEAR_TO_DATE},
    ),
    ("unusual_change", {"value": "31", "before": "10"}, "3.1 倍", {"value": "31", "before": "0"}),
    (
        "same_digits",
        {"value": "9741.43", "before": "9741.43", "kind": Kind.YEAR_TO_DATE},
        "与上期的数完全相同",
        {"value": "9741.43", "before": "9741.43"},
    ),
    ("same_digits", {"value": "46.9", "before": "46.9", "kind": Kind.RATIO}, "46.9", {"value": "12", "before": "12", "kind": Kind.RATIO}),
    (
        "same_digits",
        {"value": "46.9", "before": "46.9", "kind": Kind.RATIO},
        "是否已更新",
        {"value": "46.9", "before": "46.9", "kind": Kind.RATIO, "is_same_as_before": True},
    ),
    (
        "parts_against_whole",
        {"value": "51", "parts": parts("47", "3")},
        "2 个分项合计 50，总数报 51，相差 1",
        {"value": "51", "parts": parts("47", "1", "3")},
    ),
    (
        "ratio_against_terms",
        {"value": "46.9", "kind": Kind.RATIO, "unit": "%", "decimals": 1, "facts_parts": APART, "parts": parts("480", "1000")},
        "按分子 480、分母 1,000 计算与此相差 1.1 个百分点",
        {"value": "48", "kind": Kind.RATIO, "unit": "%", "decimals": 1, "facts_parts": APART, "parts": parts("480.3", "1000")},
    ),
    (
        "growth_against_values",
        {"value": "98.4", "year_before": "100", "growth": Decimal("1.7")},
        "名义增速为 −1.6%，可比价增速报 +1.7%，方向相反（名义与实际增速差异）",
        {"value": "102", "year_before": "100", "growth": Decimal("1.7")},
    ),
    (
        "growth_against_values",
        {"value": "125", "year_before": "100", "growth": Decimal(5)},
        "相差 20 个百分点",
        {"value": "112", "year_before": "100", "growth": Decimal(5)},
    ),
    (
        "as_of_outside_period",
        {"value": "5", "as_of": AsOf(date(2018, 7, 1))},
        "截至日期为2018年7月1日，晚于报告期（2018年1月1日至2018年6月30日）",
        {"value": "5", "as_of": AsOf(JUNE)},
    ),
    (
        "as_of_outside_period",
        {"value": "5", "as_of": AsOf(date(2017, 9, 30))},
        "早于报告期",
        {"value": "5", "as_of": AsOf(date(2017, 12, 31), Precision.YEAR_END)},  # counted once a year: there is no later
    ),
    (
        "as_of_outside_period",
        {"value": "5", "as_of": AsOf(date(2017, 12, 31)), "frequency": "quarter"},
        "早于报告期",
        {"value": "5", "as_of": AsOf(MARCH, Precision.MONTH_END), "frequency": "quarter"},
    ),
    ("far_beyond_target", {"value": "1298", "target": Decimal(160)}, "为 2020年目标 160 的 8.1 倍", {"value": "800", "target": Decimal(160)}),
    (
        "far_beyond_target",
        {"value": "1298", "target": Decimal(160)},
        "口径",
        {"value": "1298", "target": Decimal(160), "direction": Direction.FALLING},
    ),
    (
        "lagging_unexplained",
        {"value": "5", "base": Decimal(0), "target": Decimal(100), "is_special": True},
        "评价为“严重滞后”，还没有说明",
        {"value": "5", "base": Decimal(0), "target": Decimal(100), "is_special": True, "explanation": "用地未落实。"},
    ),
    (
        "lagging_unexplained",
        {"value": "5", "base": Decimal(0), "target": Decimal(100), "is_special": True},
        "原因和下一步措施",
        {"value": "60", "base": Decimal(0), "target": Decimal(100), "is_special": True},
    ),
    ("differs_from_streets", {"value": "10", "streets": streets("4", "5")}, "相差 1 家", {"value": "9", "streets": streets("4", "5")}),
    (
        "definition_changed",
        {"value": "10", "series": (earlier("9", MARCH, has_other_definition=True),)},
        "上期的数按调整前的口径统计",
        {"value": "10", "series": (earlier("9", MARCH),)},
    ),
    (
        "after_cut_off",
        {"value": "10", "is_special": True, "cut_off": MARCH, "as_of": AsOf(date(2018, 4, 30))},
        "评估只取截至2018年3月31日的数据",
        {"value": "10", "is_special": True, "cut_off": MARCH, "as_of": AsOf(MARCH)},
    ),
    (
        "unchecked_by_source",
        {"value": "10", "unchecked_by": (("统计局", "少计两家"),)},
        "统计局认为有出入（少计两家）",
        {"value": "10"},
    ),
    ("unchecked_by_source", {"value": "10", "unchecked_by": (("统计局", ""),)}, "统计局还没有核对", {"value": "10"}),
]  # fmt: skip


@pytest.mark.parametrize(("code", "odd", "words", "near"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
class TestEachRule:
    def test_it_fires(self, code: str, odd: dict[str, Any], words: str, near: dict[str, Any]) -> None:
        message = said(code, cell(**odd))
        assert words in (message or "")

    def test_it_says_what_to_do(self, code: str, odd: dict[str, Any], words: str, near: dict[str, Any]) -> None:
        message = said(code, cell(**odd)) or ""
        assert "请" in message or "允许不一致" in message

    def test_near_it_it_keeps_silent(self, code: str, odd: dict[str, Any], words: str, near: dict[str, Any]) -> None:
        assert said(code, cell(**near)) is None


def test_every_rule_has_its_cases() -> None:
    assert {rule.code for rule in RULES} == {case[0] for case in CASES}


def test_every_rule_is_known_by_its_own_code() -> None:
    assert len(BY_CODE) == len(RULES)
    assert all(rule.title and rule.description for rule in RULES)


class TestTogether:
    def test_a_slip_of_the_unit_is_asked_about_once(self) -> None:
        assert codes(cell("97414300", before="9458", target=Decimal(14000))) == ["unit_slip"]

    def test_a_blank_is_only_missing(self) -> None:
        assert codes(cell(None, before="10")) == ["required"]

    def test_a_street_is_not_measured_by_the_target_of_the_whole(self) -> None:
        assert codes(cell("1298", target=Decimal(160), is_part=True)) == []

    def test_no_data_is_not_compared(self) -> None:
        assert codes(cell(None, before="10", answer="no_data")) == []


class TestOtherTerms:
    def test_two_figures_of_the_form_may_be_the_terms(self) -> None:
        share = cell("30", kind=Kind.RATIO, unit="%", others={1: Decimal(250), 2: Decimal(1000)})
        assert "分子 250、分母 1,000" in (said("ratio_against_terms", share, numerator="1", denominator="2") or "")
        assert said("ratio_against_terms", share, numerator="1", denominator="3") is None
        assert said("ratio_against_terms", share) is None
