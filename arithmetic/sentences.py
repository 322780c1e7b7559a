"""What stands beside a bar, and the whole sentence: each function returns both, in Chinese."""

from decimal import Decimal

from arithmetic import shown
from arithmetic.expected import Expected
from arithmetic.goal import Goal, Reading, TargetForm
from arithmetic.goal_limits import Limit
from arithmetic.growth import nominal_growth, required_growth

_LINEAR = "按线性时序"


def on_the_way(
    goal: Goal, limit: Limit, value: Decimal, reading: Reading, time: Decimal | None, expected: Expected | None
) -> tuple[str, str]:
    """For a value between base and target, or beyond either."""
    start = goal.start
    assert start is not None
    share = (value - start) / (limit.value - start)
    if share < 0:
        label = against_base(goal, limit, value, start)
        return label, f"{label}；{gap(goal, limit, value, reading)}。"
    label = share_in_words(share) if share > 0 else "与基期持平"
    if limit.is_met_by(value):
        return label, f"已达到目标 {shown.number_on_screen(limit.value)}，增量进度 {shown.percent(share)}。"
    return label, f"{_against_time(goal, limit, value, label, time, expected)}；{gap(goal, limit, value, reading)}。"


def _against_time(
    goal: Goal, limit: Limit, value: Decimal, label: str, time: Decimal | None, expected: Expected | None
) -> str:
    head = label if label == "与基期持平" else f"进度 {label}"
    if time is None or expected is None:
        return f"{head}，未注明截至日期"
    if expected.basis != _LINEAR:
        kept = Limit(expected.value, limit.falling).is_met_by(value)
        due = shown.number_on_screen(expected.value, places=_places(goal, value, limit.value))
        return f"{head}，{'已达到' if kept else '未达到'}{expected.basis.removeprefix('按')}应有的 {due}"
    passed = shown.percent(time, places=0)
    start = goal.start or Decimal(0)
    share = (value - start) / (limit.value - start)
    if share == time:
        return f"{head}，与时序 {passed} 相当"
    return f"{head}，{'快于' if share > time else '慢于'}时序 {passed}"


def share_in_words(share: Decimal) -> str:
    """A positive share as a percentage that rounding makes neither 0 nor a reached 100: 不足 0.1%, 99.9%."""
    if shown.rounded(share * 100, 1) == 0:
        return "不足 0.1%"
    if share < 1 and shown.rounded(share * 100, 1) == 100:
        return "99.9%"
    return shown.percent(share)


def against_base(goal: Goal, limit: Limit, value: Decimal, start: Decimal) -> str:
    """低于基期 10.0%; percentages in points; in units where the base is 0, since no percentage means anything there."""
    word = "高于基期" if value > start else "低于基期"
    distance = abs(value - start)
    if goal.in_points:
        return f"{word} {shown.percentage_points(distance.normalize())}"
    if start == 0:
        return f"{word} {_amount(goal, distance)}"
    return f"{word} {share_in_words(distance / abs(start))}"


def gap(goal: Goal, limit: Limit, value: Decimal, reading: Reading) -> str:
    """What is still missing: points, the yearly growth that an annual flow needs, else an amount."""
    distance = abs(limit.value - value)
    if goal.in_points:
        return f"距目标 {shown.percentage_points(distance)}"
    years = goal.end_year - reading.as_of.last_day.year if reading.as_of is not None else 0
    needed = required_growth(value, limit.value, years) if goal.kind.is_annual_flow and not limit.falling else None
    if needed is not None and years >= 1:
        target = shown.number_on_screen(limit.value)
        return f"要达到 {target}，今后{_years(years)}须年均增长 {shown.percent(needed / 100)}"
    return f"距目标差 {_amount(goal, distance)}"


def held(goal: Goal, limit: Limit, value: Decimal) -> tuple[str, str]:
    """For what is met or not: bounds, ranges, and what is to be kept."""
    met = limit.is_met_by(value)
    bounds = shown.number_on_screen(limit.value)
    distance = _distance(goal, abs(value - limit.value))
    match goal.target_form:
        case TargetForm.RANGE if goal.target_upper is not None:
            ends = f"{shown.number_on_screen(goal.target)}–{shown.number_on_screen(goal.target_upper)}"
            label = f"在区间 {ends} 内" if met else f"{'高于上限' if limit.falling else '低于下限'} {distance}"
            return label, f"{label}。" if met else f"{label}（区间 {ends}）。"
        case TargetForm.AT_LEAST | TargetForm.AT_MOST:
            return _beside_bound(limit, value, met, distance, bounds)
        case TargetForm.AVERAGE_RATE:
            return (
                "年均已达到" if met else "年均未达到"
            ), f"年均目标 {bounds}，{'已达到' if met else f'差 {distance}'}。"
    if limit.exclusive:
        return _beside_bound(limit, value, met, distance, bounds)
    if met:
        return "保持，已达到", f"要求保持 {bounds}，已达到。"
    start = goal.start
    worse = start is not None and value != start and (value > start) is limit.falling
    label = against_base(goal, limit, value, start) if worse and start is not None else "未保持"
    return label, f"{label}；要求保持 {bounds}，差 {distance}。"


def _beside_bound(limit: Limit, value: Decimal, met: bool, distance: str, bound: str) -> tuple[str, str]:
    name = "上限" if limit.falling else "下限"
    label = f"等于{name}" if value == limit.value else f"{'高于' if value > limit.value else '低于'}{name} {distance}"
    return label, f"{label}（{name} {bound}），{'符合要求' if met else '未达要求'}。"


def without_base(goal: Goal, limit: Limit, value: Decimal) -> tuple[str, str]:
    """For a value with a target and no base: the completion rate, and says so."""
    label = "无基数" if limit.falling or limit.value <= 0 else f"完成率 {_completion(value, limit.value)}，无基数"
    if limit.is_met_by(value):
        return label, f"{label}；已达到目标 {shown.number_on_screen(limit.value)}。"
    return label, f"{label}；距目标差 {_distance(goal, abs(limit.value - value))}。"


def _completion(value: Decimal, target: Decimal) -> str:
    return share_in_words(value / target) if value > 0 else shown.percent(value / target)


def within_year(goal: Goal, reading: Reading, value: Decimal) -> tuple[str, str]:
    """An annual flow before its year is over: growth and share of the annual target, no verdict."""
    as_of = reading.as_of
    assert as_of is not None
    facts = []
    if reading.last_year_value is not None:
        rate = nominal_growth(value, reading.last_year_value)
        facts += [f"比上年同期名义增长 {shown.growth(rate)}"] if rate is not None else []
    if reading.reported_growth is not None:
        facts.append(f"可比价增速 {shown.growth(reading.reported_growth)}")
    due = goal.annual_targets.get(as_of.last_day.year)
    if due is not None and due > 0:
        facts.append(f"完成年度目标的 {shown.percent(value / due)}")
    told = "，".join([f"{shown.as_of_in_words(as_of)}累计 {_amount(goal, value)}", *facts])
    return "年内不评价", f"{told}；年度总量按完整年度评价。"


def _distance(goal: Goal, distance: Decimal) -> str:
    return shown.percentage_points(distance) if goal.in_points else shown.number_on_screen(distance)


def _amount(goal: Goal, amount: Decimal) -> str:
    return f"{shown.number_on_screen(amount)} {goal.unit}".rstrip()


def _places(goal: Goal, *numbers: Decimal) -> int:
    exponents = [number.normalize().as_tuple().exponent for number in numbers]
    return max((-exponent for exponent in exponents if isinstance(exponent, int)), default=0)


def _years(years: int) -> str:
    return f"{shown.numeral(years)}年".replace("二年", "两年") if years == 2 else f"{shown.numeral(years)}年"
