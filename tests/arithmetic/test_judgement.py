"""Every shape of goal has a defined answer: falling, bounds, ranges, yes or no, missing parts, flows within a year."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arithmetic.as_of import AsOf, Precision, year_end
from arithmetic.goal import (
    Direction,
    Expectation,
    Goal,
    Judgement,
    Kind,
    MissingBase,
    Outlook,
    Path,
    Reading,
    TargetForm,
    Thresholds,
    Verdict,
)
from arithmetic.judgement import judge

HALF = year_end(2018)
FALLING = {"direction": Direction.FALLING}


def goal(**more: object) -> Goal:
    return Goal(**({"base_year": 2015, "end_year": 2021, "base": Decimal(40), "target": Decimal(30)} | more))


def judged(
    value: object, as_of: AsOf | None = HALF, expectation: Expectation | None = None, **more: object
) -> Judgement:
    return judge(goal(**more), Reading(None if value is None else Decimal(str(value)), as_of, expectation))


class TestFalling:
    @pytest.mark.parametrize(
        ("value", "verdict", "label"),
        [
            ("30", Verdict.EARLY, "100%"),
            ("29", Verdict.EARLY, "110.0%"),
            ("34", Verdict.FASTER, "60.0%"),
            ("35", Verdict.ON_COURSE, "50.0%"),
            ("37", Verdict.LAGGING, "30.0%"),
            ("38", Verdict.BADLY_LAGGING, "20.0%"),
            ("40", Verdict.BADLY_LAGGING, "与基期持平"),
            ("44", Verdict.BADLY_LAGGING, "高于基期 10.0%"),
        ],
    )
    def test_less_is_better(self, value: str, verdict: Verdict, label: str) -> None:
        found = judged(value, **FALLING)
        assert (found.verdict, found.label) == (verdict, label)

    def test_a_value_above_base_is_never_called_a_negative_progress(self) -> None:
        found = judged("44", **FALLING)
        assert "-" not in found.sentence
        assert "−" not in found.sentence
        assert found.progress == Decimal("-0.4")


class TestThresholds:
    def test_each_threshold_belongs_to_the_better_word(self) -> None:
        values = {
            "5.5": "快于预期",
            "5.4": "基本符合预期",
            "4.5": "基本符合预期",
            "4.4": "滞后",
            "2.5": "滞后",
            "2.4": "严重滞后",
        }
        for value, word in values.items():
            assert judged(value, base=Decimal(0), target=Decimal(10)).verdict.words == word, value

    def test_they_are_data(self) -> None:
        strict = Thresholds(on_course=Decimal("0.95"))
        reading = Reading(Decimal("4.6"), HALF)
        found = judge(goal(base=Decimal(0), target=Decimal(10)), reading, thresholds=strict)
        assert found.verdict is Verdict.LAGGING


class TestHeld:
    @pytest.mark.parametrize(
        ("value", "verdict", "outlook", "label"),
        [
            ("30", Verdict.ON_COURSE, Outlook.CAN_HOLD, "保持，已达到"),
            ("27", Verdict.LAGGING, Outlook.HARD, "低于基期 10.0%"),
            ("3", Verdict.BADLY_LAGGING, Outlook.HARD, "低于基期 90.0%"),
        ],
    )
    def test_a_target_equal_to_the_base_is_met_or_not(
        self, value: str, verdict: Verdict, outlook: Outlook, label: str
    ) -> None:
        found = judged(value, base=Decimal(30))
        assert (found.verdict, found.outlook, found.label, found.progress) == (verdict, outlook, label, None)

    def test_a_floor_that_the_base_stood_above_is_held(self) -> None:
        found = judged("35", target_form=TargetForm.AT_LEAST)
        assert (found.verdict.words, found.label) == ("基本符合预期", "高于下限 5")

    def test_a_ceiling_that_is_broken_lags(self) -> None:
        found = judged("55", target_form=TargetForm.AT_MOST, target=Decimal(50))
        assert (found.verdict, found.label) == (Verdict.LAGGING, "高于上限 5")

    def test_a_floor_written_with_more_than_is_not_met_by_itself(self) -> None:
        bound = {"base": None, "target_form": TargetForm.AT_LEAST}
        assert judged("30", **bound).verdict is Verdict.ON_COURSE
        assert judged("30", target_exclusive=True, **bound).label == "等于下限"
        assert judged("30", target_exclusive=True, **bound).verdict is Verdict.NOT_JUDGED

    @pytest.mark.parametrize(
        ("value", "verdict", "label"),
        [("30", "滞后", "等于下限"), ("31", "基本符合预期", "高于下限 1"), ("29", "滞后", "低于下限 1")],
    )
    def test_more_than_the_base_itself_is_a_bound_too(self, value: str, verdict: str, label: str) -> None:
        found = judged(value, base=Decimal(30), target_exclusive=True)
        assert (found.verdict.words, found.label, found.progress) == (verdict, label, None)

    def test_an_average_rate_is_compared_in_points(self) -> None:
        more = {"target_form": TargetForm.AVERAGE_RATE, "kind": Kind.GROWTH, "base": None, "target": Decimal("6.5")}
        assert judged("7", **more).label == "年均已达到"
        assert "差 0.5 个百分点" in judged("6", **more).sentence

    def test_an_organisation_that_expects_to_lose_it_is_heard(self) -> None:
        assert judged("30", expectation=Expectation.NO, base=Decimal(30)).outlook is Outlook.HARD


class TestRange:
    MORE = {"target_form": TargetForm.RANGE, "target": Decimal(10), "target_upper": Decimal(20)}

    @pytest.mark.parametrize(
        ("base", "value", "verdict", "label"),
        [
            ("15", "12", Verdict.ON_COURSE, "在区间 10–20 内"),
            ("15", "9", Verdict.LAGGING, "低于下限 1"),
            ("15", "22", Verdict.LAGGING, "高于上限 2"),
            ("30", "24", Verdict.FASTER, "60.0%"),
            ("30", "18", Verdict.EARLY, "120.0%"),
            ("0", "5", Verdict.ON_COURSE, "50.0%"),
        ],
    )
    def test_inside_is_held_and_outside_is_a_way_to_the_nearer_end(
        self, base: str, value: str, verdict: Verdict, label: str
    ) -> None:
        found = judged(value, base=Decimal(base), **self.MORE)
        assert (found.verdict, found.label) == (verdict, label)


class TestYesOrNo:
    @pytest.mark.parametrize(
        ("value", "as_of", "verdict", "outlook"),
        [
            ("1", HALF, Verdict.EARLY, Outlook.DONE),
            ("0", HALF, Verdict.NOT_JUDGED, Outlook.UNDECIDED),
            ("0", year_end(2021), Verdict.BADLY_LAGGING, Outlook.HARD),
        ],
    )
    def test_it_is_done_or_not(self, value: str, as_of: AsOf, verdict: Verdict, outlook: Outlook) -> None:
        found = judged(value, as_of, target_form=TargetForm.YES_NO, base=None, target=None)
        assert (found.verdict, found.outlook) == (verdict, outlook)


class TestMissing:
    def test_no_published_value(self) -> None:
        found = judge(goal(), None)
        assert (found.verdict.words, found.outlook.words, found.sentence) == ("暂不评价", "暂不判断", "暂无已发布值。")

    def test_no_data_gives_its_reason(self) -> None:
        found = judge(goal(), Reading(None, HALF, no_data_reason="统计口径调整。"))
        assert found.sentence == "无数据：统计口径调整。"

    def test_no_target(self) -> None:
        assert judged("5", target=None).label == "目标未设定"

    def test_no_date(self) -> None:
        found = judged("35", None, **FALLING)
        assert (found.verdict, found.time_passed, found.progress) == (Verdict.NOT_JUDGED, None, Decimal("0.5"))

    def test_a_base_that_counts_from_zero_is_zero(self) -> None:
        found = judged("15", base=None, base_missing=MissingBase.FROM_ZERO)
        assert (found.progress, found.verdict) == (Decimal("0.5"), Verdict.ON_COURSE)

    def test_a_base_that_was_never_set_gives_a_completion_rate_and_no_verdict(self) -> None:
        found = judged("15", base=None, base_missing=MissingBase.NOT_SET)
        assert (found.label, found.verdict, found.progress) == ("完成率 50.0%，无基数", Verdict.NOT_JUDGED, None)
        assert found.completion_rate == Decimal("0.5")

    def test_a_base_of_zero_that_was_fallen_below_is_told_in_units(self) -> None:
        assert judged("-5", base=Decimal(0), unit="户").label == "低于基期 5 户"

    def test_a_value_from_before_the_plan_is_not_judged(self) -> None:
        assert judged("35", year_end(2015)).verdict is Verdict.NOT_JUDGED


class TestRounding:
    """What rounding must not turn into a made-up 0 %, or into a target that is reached."""

    @pytest.mark.parametrize(
        ("value", "label"),
        [("0.04", "不足 0.1%"), ("0.05", "0.1%"), ("99.96", "99.9%"), ("100", "100%"), ("100.04", "100.0%")],
    )
    def test_a_share_near_nothing_or_near_the_whole_is_told_as_what_it_is(self, value: str, label: str) -> None:
        assert judged(value, base=Decimal(0), target=Decimal(100)).label == label

    def test_a_little_below_the_base_is_not_zero_below_it(self) -> None:
        assert judged("99.99", base=Decimal(100), target=Decimal(200)).label == "低于基期 不足 0.1%"

    def test_a_tiny_completion_rate_is_not_zero(self) -> None:
        found = judged("0.01", base=None, base_missing=MissingBase.NOT_SET, target=Decimal(100))
        assert found.label == "完成率 不足 0.1%，无基数"


class TestPlanWithoutTime:
    @pytest.mark.parametrize("end_year", [2014, 2015])
    def test_a_last_year_that_is_not_after_the_base_year_is_told_and_not_judged(self, end_year: int) -> None:
        found = judged("35", end_year=end_year)
        assert (found.verdict, found.time_passed, found.sentence) == (
            Verdict.NOT_JUDGED,
            None,
            "规划期不明：目标年不晚于基年。",
        )


class TestPath:
    def test_the_years_own_target_comes_first(self) -> None:
        more = {"base": Decimal(0), "target": Decimal(100), "annual_targets": {2018: Decimal(20)}}
        found = judged("20", **more)
        assert (found.verdict, found.basis) == (Verdict.ON_COURSE, "按 2018 年年度目标")
        assert judged("20", base=Decimal(0), target=Decimal(100)).verdict is Verdict.BADLY_LAGGING

    def test_the_sentence_shows_no_zeros_that_a_column_added(self) -> None:
        more = {"base": Decimal("0.000000"), "target": Decimal("9.5"), "annual_targets": {2018: Decimal("2.000000")}}
        assert "应有的 2.00；" in judged("2.930000", **more).sentence.replace("。", "；")

    def test_between_two_years_targets_a_stock_is_expected_in_proportion(self) -> None:
        june = AsOf(datetime.date(2018, 6, 30), Precision.MONTH_END)
        targets = {2017: Decimal(10), 2018: Decimal(20)}
        found = judged("15", june, base=Decimal(0), target=Decimal(100), annual_targets=targets)
        assert (found.verdict, found.basis) == (Verdict.ON_COURSE, "按 2018 年年度目标按月折算")

    def test_equal_growth_expects_less_at_half_time_than_a_straight_line(self) -> None:
        more = {"base": Decimal(100), "target": Decimal(400)}
        assert judged("200", path=Path.EQUAL_GROWTH, **more).verdict is Verdict.ON_COURSE
        assert judged("200", **more).verdict is Verdict.LAGGING

    def test_steps_expect_the_last_step_that_is_due(self) -> None:
        more = {"base": Decimal(0), "target": Decimal(9), "path": Path.STEPS, "annual_targets": {2017: Decimal(3)}}
        assert judged("3", **more).verdict is Verdict.ON_COURSE
        assert judged("0", year_end(2016), **more).verdict is Verdict.ON_COURSE

    def test_a_planned_dip_below_the_base_is_met_or_not(self) -> None:
        more = {"base": Decimal(50), "target": Decimal(100), "annual_targets": {2018: Decimal(45)}}
        assert judged("46", **more).verdict is Verdict.ON_COURSE
        assert judged("44", **more).verdict is Verdict.LAGGING


class TestAnnualFlow:
    MORE = {"kind": Kind.ANNUAL, "base": Decimal(100), "target": Decimal(200), "unit": "亿元"}

    def test_within_a_year_it_is_told_by_growth_and_share_and_not_judged(self) -> None:
        june = AsOf(datetime.date(2018, 6, 30), Precision.MONTH_END)
        reading = Reading(Decimal(66), june, last_year_value=Decimal(60), reported_growth=Decimal("8.5"))
        found = judge(goal(annual_targets={2018: Decimal(150)}, **self.MORE), reading)
        assert found.verdict is Verdict.NOT_JUDGED
        assert found.sentence == (
            "2018年6月底累计 66 亿元，比上年同期名义增长 +10.0%，可比价增速 +8.5%，完成年度目标的 44.0%；"
            "年度总量按完整年度评价。"
        )

    def test_a_full_year_is_judged(self) -> None:
        assert judged("150", **self.MORE).verdict is Verdict.ON_COURSE


class TestOutlook:
    @pytest.mark.parametrize(
        ("expectation", "words"),
        [(None, "预计难完成"), (Expectation.YES, "预计能完成"), (Expectation.UNCLEAR, "暂不判断")],
    )
    def test_what_the_organisation_expects_comes_before_the_rule(
        self, expectation: Expectation | None, words: str
    ) -> None:
        assert judged("38", expectation=expectation, **FALLING).outlook.words == words

    def test_nobody_can_expect_away_a_target_that_is_reached(self) -> None:
        assert judged("30", expectation=Expectation.NO, **FALLING).outlook is Outlook.DONE

    def test_at_the_end_a_missed_target_is_never_expected(self) -> None:
        assert judged("31", year_end(2021), **FALLING).outlook is Outlook.HARD

    def test_at_the_end_a_reached_target_is_not_early(self) -> None:
        found = judged("30", year_end(2021), **FALLING)
        assert (found.verdict, found.outlook) == (Verdict.ON_COURSE, Outlook.DONE)


numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=3)
goals = st.builds(
    Goal,
    base_year=st.just(2015),
    end_year=st.just(2021),
    base=st.none() | numbers,
    base_missing=st.none() | st.sampled_from(MissingBase),
    target=st.none() | numbers,
    target_upper=st.none() | numbers,
    target_exclusive=st.booleans(),
    target_form=st.sampled_from(TargetForm),
    direction=st.sampled_from(Direction),
    kind=st.sampled_from(Kind),
    unit=st.sampled_from(["", "%", "户"]),
    counted=st.booleans(),
    path=st.sampled_from(Path),
    annual_targets=st.dictionaries(st.integers(2014, 2023), numbers, max_size=4),
)
readings = st.builds(
    Reading,
    value=st.none() | numbers,
    as_of=st.none()
    | st.builds(AsOf, st.dates(datetime.date(2010, 1, 1), datetime.date(2030, 1, 1)), st.sampled_from(Precision)),
    expectation=st.none() | st.sampled_from(Expectation),
    last_year_value=st.none() | numbers,
)


@given(goals, st.none() | readings)
def test_every_goal_and_reading_has_an_answer_and_no_sentence_shows_a_negative_progress(
    any_goal: Goal, reading: Reading | None
) -> None:
    found = judge(any_goal, reading)
    assert found.verdict.words
    assert found.outlook.words
    assert found.sentence.endswith("。")
    assert not found.label.startswith("−")
    assert found.time_passed is None or 0 <= found.time_passed <= 1


@given(numbers, numbers, numbers, st.decimals(min_value=-100, max_value=100, places=1))
def test_a_better_value_is_never_judged_worse(base: Decimal, target: Decimal, value: Decimal, better: Decimal) -> None:
    order = [Verdict.BADLY_LAGGING, Verdict.LAGGING, Verdict.ON_COURSE, Verdict.FASTER, Verdict.EARLY]
    rising = Goal(2015, 2021, base=base, target=target)
    now, then = (judge(rising, Reading(value + step, HALF)).verdict for step in (Decimal(0), abs(better)))
    assert order.index(then) >= order.index(now)
