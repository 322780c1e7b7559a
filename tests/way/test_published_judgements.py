"""The published plan, row by row: what both judgements and the words beside the bar must be."""

import datetime
from decimal import Decimal

import pytest

from arithmetic.as_of import AsOf, Precision, year_end
from arithmetic.goal import Expectation, Goal, Kind, MissingBase, Reading, TargetForm
from arithmetic.growth import growth_gap, nominal_growth
from arithmetic.judgement import judge
from arithmetic.projection import project
from arithmetic.shown import as_of_in_words, growth, percent, percentage_points, rounded

END_2022 = year_end(2022)
JUNE = AsOf(datetime.date(2023, 6, 30))
MARCH = AsOf(datetime.date(2023, 3, 31), Precision.MONTH_END)
MAY = AsOf(datetime.date(2023, 5, 31), Precision.MONTH)
DECEMBER = AsOf(datetime.date(2022, 12, 31), Precision.MONTH_END)
NO, YES, UNCLEAR = Expectation.NO, Expectation.YES, Expectation.UNCLEAR
ANNUAL, STOCK, RATIO, COUNT = Kind.ANNUAL, Kind.STOCK, Kind.RATIO, Kind.SINCE_START

# number, kind, base, target, value, as of, expectation | label, time, verdict, outlook
ROWS = [
    (1, ANNUAL, "11304.35", "14000", "9741.43", END_2022, None, "低于基期 13.8%", "40%", "严重滞后", "预计难完成"),
    (2, ANNUAL, "2784.59", "4080", "2162.72", END_2022, None, "低于基期 22.3%", "40%", "严重滞后", "预计难完成"),
    (4, STOCK, "1864", "2600", "2410", END_2022, None, "74.2%", "40%", "快于预期", "预计能完成"),
    (5, STOCK, "1", "1", "1", END_2022, None, "保持，已达到", "40%", "基本符合预期", "预计能保持"),
    (6, STOCK, "0", "1", "1", END_2022, None, "100%", "40%", "提前实现", "已完成"),
    (7, STOCK, "3", "8", "5", END_2022, None, "40.0%", "40%", "基本符合预期", "预计能完成"),
    (8, RATIO, "56.14", "58.5", "46.9", END_2022, None, "低于基期 9.24 个百分点", "40%", "严重滞后", "预计难完成"),
    (9, STOCK, "25", "92", "51", JUNE, YES, "38.8%", "50%", "滞后", "预计能完成"),
    (10, STOCK, "29", "135", "118", JUNE, UNCLEAR, "84.0%", "50%", "快于预期", "暂不判断"),
    (11, STOCK, "39000", "50000", "58070", MARCH, YES, "173.4%", "45%", "提前实现", "已完成"),
    (12, STOCK, "2502", "4400", "3151", DECEMBER, NO, "34.2%", "40%", "滞后", "预计难完成"),
    (13, STOCK, "24", "44", "36", MAY, YES, "60.0%", "48%", "快于预期", "预计能完成"),
    (14, STOCK, "220", "300", "284", MAY, YES, "80.0%", "48%", "快于预期", "预计能完成"),
    (15, STOCK, "-", "20", "1", END_2022, NO, "5.0%", "40%", "严重滞后", "预计难完成"),
    (16, STOCK, "6", "160", "1298", END_2022, YES, "839.0%", "40%", "提前实现", "已完成"),
    (17, STOCK, "——", "＞60", "62.49", END_2022, YES, "高于下限 2.49", "40%", "基本符合预期", "预计能保持"),
    (18, STOCK, "——", "＞25", "25.14", END_2022, None, "高于下限 0.14", "40%", "基本符合预期", "预计能保持"),
    (19, STOCK, "——", "200", "78", END_2022, NO, "完成率 39.0%，无基数", "40%", "暂不评价", "预计难完成"),
]
MISSING = {"-": MissingBase.FROM_ZERO, "——": MissingBase.NOT_OBTAINED}


def goal_of(kind: Kind, base: str, target: str, **more: object) -> Goal:
    bound = target.startswith("＞")
    return Goal(
        base_year=2020,
        end_year=2025,
        kind=kind,
        base=None if base in MISSING else Decimal(base),
        base_missing=MISSING.get(base),
        target=Decimal(target.removeprefix("＞")),
        target_form=TargetForm.AT_LEAST if bound else TargetForm.REACH,
        target_exclusive=bound,
        **more,
    )


@pytest.mark.parametrize("row", ROWS, ids=[f"indicator {row[0]}" for row in ROWS])
def test_each_published_indicator_is_judged_as_the_page_says(row: tuple) -> None:
    _, kind, base, target, value, as_of, expectation, label, time, verdict, outlook = row
    found = judge(goal_of(kind, base, target), Reading(Decimal(value), as_of, expectation))
    assert found.label == label
    assert percent(found.time_passed, places=0) == time
    assert (found.verdict.words, found.outlook.words) == (verdict, outlook)


def test_an_indicator_that_is_not_counted_any_more_is_not_judged_and_has_no_bar() -> None:
    goal = goal_of(ANNUAL, "9431.79", "12000", counted=False, not_counted_reason="该项指标不再纳入统计范畴。")
    found = judge(goal, Reading(None, None))
    assert (found.verdict.words, found.outlook.words, found.label) == ("不再纳入统计", "不评价", "—")
    assert found.sentence == "不再纳入统计：该项指标不再纳入统计范畴。"
    assert found.progress is None


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (1, "低于基期 13.8%；要达到 14,000，今后三年须年均增长 12.9%。"),
        (2, "低于基期 22.3%；要达到 4,080，今后三年须年均增长 23.6%。"),
        (4, "进度 74.2%，快于时序 40%；距目标差 190。"),
        (7, "进度 40.0%，与时序 40% 相当；距目标差 3。"),
        (8, "低于基期 9.24 个百分点；距目标 11.6 个百分点。"),
        (12, "进度 34.2%，慢于时序 40%；距目标差 1,249。"),
        (15, "进度 5.0%，慢于时序 40%；距目标差 19。"),
        (17, "高于下限 2.49（下限 60），符合要求。"),
        (19, "完成率 39.0%，无基数；距目标差 122。"),
    ],
)
def test_the_sentence_says_the_gap(number: int, sentence: str) -> None:
    _, kind, base, target, value, as_of, expectation, *_ = next(row for row in ROWS if row[0] == number)
    assert judge(goal_of(kind, base, target), Reading(Decimal(value), as_of, expectation)).sentence == sentence


@pytest.mark.parametrize(
    ("number", "progress"),
    [(1, "-0.5798"), (8, "-3.9153"), (5, None), (15, "0.0500"), (17, None), (19, None), (16, "8.3896")],
)
def test_progress_is_the_plain_ratio_and_null_without_a_distance(number: int, progress: str | None) -> None:
    _, kind, base, target, value, as_of, *_ = next(row for row in ROWS if row[0] == number)
    found = judge(goal_of(kind, base, target), Reading(Decimal(value), as_of)).progress
    assert (None if found is None else str(found.quantize(Decimal("0.0001")))) == progress


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        (END_2022, "2022年底"),
        (MARCH, "2023年3月底"),
        (MAY, "2023年5月"),
        (JUNE, "2023年6月30日"),
        (DECEMBER, "2022年12月底"),
    ],
)
def test_a_date_is_shown_in_the_precision_it_was_given(as_of: AsOf, words: str) -> None:
    assert as_of_in_words(as_of) == words


@pytest.mark.parametrize(("value", "end"), [("2279.1", "2585.0"), ("10255.07", "11631.6")])
def test_the_outlook_is_projected_at_the_printed_rate(value: str, end: str) -> None:
    path = project(Decimal(value), year=2023, rates={2024: Decimal("6.5"), 2025: Decimal("6.5")})
    assert rounded(path.end, 1) == Decimal(end)


def test_reported_and_nominal_growth_of_2022_differ() -> None:
    nominal = nominal_growth(Decimal("2162.72"), Decimal("2198.28"))
    assert growth(nominal) == "−1.6%"
    gap = growth_gap(nominal, Decimal("1.7"))
    assert gap is not None
    assert percentage_points(gap, places=1) == "−3.3 个百分点"
