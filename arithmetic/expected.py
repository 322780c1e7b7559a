"""Where a goal is expected to stand on a day: its annual targets, else its declared path, else linear in time."""

from dataclasses import dataclass
from decimal import Decimal

from arithmetic.as_of import AsOf
from arithmetic.goal import Goal, Path
from arithmetic.growth import root
from arithmetic.progress import months_after, time_passed


@dataclass(frozen=True, slots=True)
class Expected:
    """The expected value, in the goal's unit, and the rule that gave it, in Chinese words."""

    value: Decimal
    basis: str


def expected_on(goal: Goal, as_of: AsOf) -> Expected | None:
    """The value expected on the as-of date; None where neither annual targets nor base and target give one.

    Between two year ends the annual targets are joined by a straight line. Equal growth needs a positive base and
    target; without them the path is taken as linear.
    """
    annual = _by_annual_targets(goal, as_of)
    if annual is not None:
        return annual
    start, target = goal.start, goal.target
    if start is None or target is None:
        return None
    share = time_passed(as_of, base_year=goal.base_year, end_year=goal.end_year)
    if goal.path is Path.STEPS:
        return _by_steps(goal, as_of, start, target, share)
    if goal.path is Path.EQUAL_GROWTH and start > 0 and target > 0:
        months = 12 * (goal.end_year - goal.base_year)
        monthly = root(target / start, months)
        return Expected(start * monthly ** (share * months), "按等速增长路径")
    return Expected(start + (target - start) * share, "按线性时序")


def _by_annual_targets(goal: Goal, as_of: AsOf) -> Expected | None:
    day = as_of.last_day
    due = goal.annual_targets.get(day.year)
    if due is None:
        return None
    basis = f"按 {day.year} 年年度目标"
    previous = goal.start if day.year - 1 == goal.base_year else goal.annual_targets.get(day.year - 1)
    if as_of.is_end_of_year or goal.kind.is_annual_flow or previous is None:
        return Expected(due, basis)
    share = months_after(day, day.year - 1) / 12
    return Expected(previous + (due - previous) * share, f"{basis}按月折算")


def _by_steps(goal: Goal, as_of: AsOf, start: Decimal, target: Decimal, share: Decimal) -> Expected:
    year = as_of.last_day.year
    reached = [step for step in goal.annual_targets if step < year or (step == year and as_of.is_end_of_year)]
    if share == 1:
        return Expected(target, "按阶梯路径")
    return Expected(goal.annual_targets[max(reached)] if reached else start, "按阶梯路径")
