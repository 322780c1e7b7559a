"""Two moments of a plan side by side: what was published at each, and what the plan itself said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from arithmetic.shown import signed_on_screen
from evaluation.models import Evaluation
from evaluation.queries import Assessed
from evaluation.queries.past import assess_at
from indicators.models import Indicator
from overview.showing import base_on_screen, reading_on_screen, target_on_screen
from plans.models import Plan

ABSENT = "—"


@dataclass(frozen=True)
class Beside:
    """An indicator at both moments; ``words`` is their difference; ``others`` what else changed: base, target …"""

    indicator: Indicator
    first: str
    second: str
    words: str
    others: tuple[tuple[str, str, str], ...]

    @property
    def is_changed(self) -> bool:
        return self.first != self.second or bool(self.others)


@dataclass(frozen=True)
class Comparison:
    first: datetime
    second: datetime
    rows: Sequence[Beside]

    @property
    def changed(self) -> list[Beside]:
        return [row for row in self.rows if row.is_changed]


def compared(plan: Plan, evaluation: Evaluation | None, first: datetime, second: datetime) -> Comparison:
    """Compare the plan as it was known at two moments, the earlier first; the cost is that of the plan, twice."""
    first, second = sorted((first, second))
    sides = [
        {row.indicator.pk: row for row in assess_at(plan, evaluation, moment=moment, until=localdate(moment))}
        for moment in (first, second)
    ]
    keys = dict.fromkeys([*sides[1], *sides[0]])
    return Comparison(first, second, [_beside(sides[0].get(key), sides[1].get(key)) for key in keys])


def _beside(first: Assessed | None, second: Assessed | None) -> Beside:
    there = second or first
    assert there is not None
    before, after = _shown(first), _shown(second)
    return Beside(there.indicator, before, after, _difference(first, second, before, after), _others(first, second))


def _shown(row: Assessed | None) -> str:
    point = (row.current or row.point) if row else None
    return reading_on_screen(point.published if point else None)


def _difference(first: Assessed | None, second: Assessed | None, before: str, after: str) -> str:
    if before == after:
        return "相同"
    if before == ABSENT:
        return "新增"
    if after == ABSENT:
        return "没有了"
    points = [(row.current or row.point) if row else None for row in (first, second)]
    values = [point.published.value if point else None for point in points]
    if values[0] is None or values[1] is None:
        return "改变"
    return signed_on_screen(values[1] - values[0])


def _others(first: Assessed | None, second: Assessed | None) -> tuple[tuple[str, str, str], ...]:
    if first is None or second is None:
        return (("指标", "没有", "有") if first is None else ("指标", "有", "没有"),)
    old, new = first.indicator, second.indicator
    pairs = [
        ("名称", old.full_name, new.full_name),
        ("基数", base_on_screen(old), base_on_screen(new)),
        ("目标", target_on_screen(old), target_on_screen(new)),
        ("口径", old.definition, new.definition),
        ("目前进度", first.verdict.words, second.verdict.words),
    ]
    return tuple((name, before or ABSENT, after or ABSENT) for name, before, after in pairs if before != after)
