"""The two judgements, never mixed: is it where it should be now, and will it get there."""

from dataclasses import dataclass
from decimal import Decimal

from arithmetic import sentences
from arithmetic.expected import Expected, expected_on
from arithmetic.goal import (
    Expectation,
    Goal,
    Judgement,
    Outlook,
    Reading,
    TargetForm,
    Thresholds,
    Verdict,
)
from arithmetic.goal_limits import Limit, limit_for
from arithmetic.progress import completion_rate, progress, time_passed

DEFAULTS = Thresholds()
_BY_VERDICT = {
    Verdict.EARLY: Outlook.DONE,
    Verdict.FASTER: Outlook.CAN,
    Verdict.ON_COURSE: Outlook.CAN,
    Verdict.LAGGING: Outlook.HARD,
    Verdict.BADLY_LAGGING: Outlook.HARD,
    Verdict.NOT_JUDGED: Outlook.UNDECIDED,
    Verdict.DROPPED: Outlook.NONE,
}
_BY_EXPECTATION = {
    Expectation.YES: Outlook.CAN,
    Expectation.NO: Outlook.HARD,
    Expectation.UNCLEAR: Outlook.UNDECIDED,
}
_BOUNDS = (TargetForm.AT_LEAST, TargetForm.AT_MOST, TargetForm.RANGE)
_TO_BE_HELD = (TargetForm.HOLD, TargetForm.AVERAGE_RATE)


@dataclass(frozen=True, slots=True)
class _Case:
    """A value that can be measured, with what it is measured against."""

    goal: Goal
    reading: Reading
    value: Decimal
    limit: Limit
    time: Decimal | None
    expected: Expected | None

    @property
    def is_met(self) -> bool:
        return self.limit.is_met_by(self.value)

    @property
    def is_to_be_held(self) -> bool:
        """Met or not, and no way to go: the base is there already, or a bound has no base."""
        start = self.goal.start
        if self.goal.target_form in _TO_BE_HELD:
            return True
        if start is not None and (start == self.limit.value or self.limit.is_met_by(start)):
            return True
        return start is None and self.goal.target_form in _BOUNDS


@dataclass(frozen=True, slots=True)
class _Finding:
    verdict: Verdict
    label: str
    sentence: str
    basis: str
    outlook: Outlook | None = None


def judge(goal: Goal, reading: Reading | None, *, thresholds: Thresholds = DEFAULTS) -> Judgement:
    """Judge a published value against its goal: never an exception, never a made-up 0 %.

    The verdict compares with the year's own target if there is one, else with the declared path, else with linear
    time; `basis` says which. The outlook takes the organisation's own expectation where it gave one, unless the
    target is already reached; else it follows from the verdict.
    """
    value = reading.value if reading is not None else None
    unmeasured = _cannot_be_measured(goal, reading)
    if unmeasured is not None or reading is None or value is None:
        return _judgement(unmeasured or _not_judged("暂无已发布值"), goal, reading, None, None)
    time = (
        time_passed(reading.as_of, base_year=goal.base_year, end_year=goal.end_year)
        if reading.as_of is not None
        else None
    )
    if goal.target_form is TargetForm.YES_NO:
        return _judgement(_yes_or_no(value, time), goal, reading, None, time)
    limit = limit_for(goal, value)
    if limit is None:
        return _judgement(_not_judged("目标未设定"), goal, reading, value, time)
    expected = expected_on(goal, reading.as_of) if reading.as_of is not None else None
    case = _Case(goal, reading, value, limit, time, expected)
    return _judgement(_measured(case, thresholds), goal, reading, value, time)


def _cannot_be_measured(goal: Goal, reading: Reading | None) -> _Finding | None:
    if not goal.counted:
        reason = goal.not_counted_reason.rstrip("。") or "原因未注明"
        return _Finding(Verdict.DROPPED, "—", f"不再纳入统计：{reason}。", "不再纳入统计")
    if goal.end_year <= goal.base_year:
        return _not_judged("规划期不明", "目标年不晚于基年")
    if reading is None:
        return None
    if reading.value is None:
        return _not_judged("无数据", reading.no_data_reason)
    if reading.as_of is None:
        return None
    if reading.as_of.last_day.year <= goal.base_year:
        return _not_judged("规划期尚未开始", "数据截至日期不晚于基年")
    if goal.kind.is_annual_flow and not reading.as_of.is_end_of_year:
        label, sentence = sentences.within_year(goal, reading, reading.value)
        return _Finding(Verdict.NOT_JUDGED, label, sentence, "年度总量按完整年度评价")
    return None


def _not_judged(label: str, why: str = "") -> _Finding:
    why = why.rstrip("。")
    return _Finding(Verdict.NOT_JUDGED, label, f"{label}：{why}。" if why else f"{label}。", label)


def _yes_or_no(value: Decimal, time: Decimal | None) -> _Finding:
    basis = "按是否完成"
    if value != 0:
        verdict = Verdict.ON_COURSE if time == 1 else Verdict.EARLY
        return _Finding(verdict, "已完成", "已完成。", basis, Outlook.DONE)
    if time == 1:
        return _Finding(Verdict.BADLY_LAGGING, "未完成", "规划期已满，未完成。", basis)
    return _Finding(Verdict.NOT_JUDGED, "尚未完成", "尚未完成；是否类目标在规划期内暂不评价。", basis)


def _measured(case: _Case, thresholds: Thresholds) -> _Finding:
    if case.is_to_be_held:
        return _held(case, thresholds)
    if case.goal.start is None:
        return _without_base(case, thresholds)
    return _on_the_way(case, thresholds)


def _held(case: _Case, thresholds: Thresholds) -> _Finding:
    label, sentence = sentences.held(case.goal, case.limit, case.value)
    if case.is_met:
        return _Finding(Verdict.ON_COURSE, label, sentence, "按是否保持", Outlook.CAN_HOLD)
    if case.goal.start is None and case.goal.target_form in _BOUNDS and case.time != 1:
        return _Finding(Verdict.NOT_JUDGED, label, sentence, "无基数，尚未达到界限")
    badly = case.limit.share_reached(case.value) < thresholds.lagging
    return _Finding(Verdict.BADLY_LAGGING if badly else Verdict.LAGGING, label, sentence, "按是否保持")


def _without_base(case: _Case, thresholds: Thresholds) -> _Finding:
    label, sentence = sentences.without_base(case.goal, case.limit, case.value)
    if case.is_met:
        verdict = Verdict.ON_COURSE if case.time == 1 else Verdict.EARLY
        return _Finding(verdict, label, sentence, "按完成率，无基数", Outlook.DONE)
    if case.expected is None:
        return _Finding(Verdict.NOT_JUDGED, label, sentence, "无基数，无法计算增量进度")
    limit = Limit(case.expected.value, case.limit.falling)
    verdict = _by_ratio(limit.share_reached(case.value), thresholds)
    return _Finding(verdict, label, sentence, f"{case.expected.basis}，无基数")


def _on_the_way(case: _Case, thresholds: Thresholds) -> _Finding:
    goal, start = case.goal, case.goal.start
    assert start is not None
    label, sentence = sentences.on_the_way(goal, case.limit, case.value, case.reading, case.time, case.expected)
    basis = case.expected.basis if case.expected is not None else "按目标"
    if case.is_met:
        verdict = Verdict.ON_COURSE if case.time == 1 else Verdict.EARLY
        return _Finding(
            verdict, label, sentence, basis, Outlook.CAN_HOLD if goal.target_form in _BOUNDS else Outlook.DONE
        )
    if case.expected is None:
        return _Finding(Verdict.NOT_JUDGED, label, sentence, "未注明截至日期")
    expected = case.expected.value
    if goal.target_form is TargetForm.RANGE and case.time is not None:
        expected = start + (case.limit.value - start) * case.time
    if case.limit.falling == (expected >= start) or expected == start:
        kept = Limit(expected, case.limit.falling).is_met_by(case.value)
        return _Finding(Verdict.ON_COURSE if kept else Verdict.LAGGING, label, sentence, basis)
    verdict = _by_ratio((case.value - start) / (expected - start), thresholds)
    return _Finding(verdict, label, sentence, basis, Outlook.HARD if case.time == 1 else None)


def _by_ratio(ratio: Decimal, thresholds: Thresholds) -> Verdict:
    if ratio >= thresholds.faster:
        return Verdict.FASTER
    if ratio >= thresholds.on_course:
        return Verdict.ON_COURSE
    return Verdict.LAGGING if ratio >= thresholds.lagging else Verdict.BADLY_LAGGING


def _judgement(
    finding: _Finding, goal: Goal, reading: Reading | None, value: Decimal | None, time: Decimal | None
) -> Judgement:
    proposed = finding.outlook or _BY_VERDICT[finding.verdict]
    outlook, outlook_basis = _with_expectation(proposed, reading.expectation if reading is not None else None)
    return Judgement(
        verdict=finding.verdict,
        outlook=outlook,
        label=finding.label,
        sentence=finding.sentence,
        basis=finding.basis,
        outlook_basis=outlook_basis,
        progress=None if value is None else progress(value, goal.start, goal.target),
        completion_rate=None if value is None else completion_rate(value, goal.target),
        time_passed=time,
    )


def _with_expectation(proposed: Outlook, expectation: Expectation | None) -> tuple[Outlook, str]:
    if proposed in (Outlook.DONE, Outlook.NONE) or expectation is None:
        return proposed, "按目前进度推算"
    stated = _BY_EXPECTATION[expectation]
    if proposed is Outlook.CAN_HOLD and stated is Outlook.CAN:
        stated = Outlook.CAN_HOLD
    return stated, "按填报单位的预计"
