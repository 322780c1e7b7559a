"""A cell beside what it is compared with, and the checks: one small function for each oddity."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from arithmetic.as_of import AsOf, Precision
from arithmetic.shown import as_of_in_words, day_in_words, growth, number_on_screen, percentage_points
from indicators.models import Direction, Indicator, QuantityKind
from plans.models import ReportingPeriod
from submissions.models import Figure, PublishedValue
from submissions.queries.streets import StreetParts

JUMP_FACTOR = 3
TARGET_FACTOR = 5
JUMP_POINTS = 20  # percentage points
SLIPS = {Decimal(1000): "一千", Decimal(10000): "一万"}
PERCENT_FLOOR = 5
RELATIVE = {QuantityKind.RATIO, QuantityKind.GROWTH}


@dataclass(frozen=True)
class Compared:
    """A figure with the values before it; all numbers are in the indicator's unit."""

    figure: Figure
    value: Decimal
    previous: PublishedValue | None = None
    last_year: Decimal | None = None
    not_added: frozenset[str] = frozenset()
    """Names of parts that may not be added up."""
    streets: StreetParts | None = None
    """What the streets report of the same."""
    is_part: bool = False
    """Whether it is a street's part, which isn't measured by the target of the whole."""

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def period(self) -> ReportingPeriod:
        return self.figure.period

    @property
    def before(self) -> Decimal | None:
        """The last period's value where it can be compared: a year-to-date value starts anew each January."""
        if self.previous is None or self.previous.value is None:
            return None
        starts_anew = self.indicator.kind == QuantityKind.YEAR_TO_DATE
        return None if starts_anew and self.previous.period.year != self.period.year else self.previous.value


# what a check found: the word for it, and the sentence; None where all is well
Found = tuple[str, str] | None
Check = Callable[[Compared], Found]


def unit_slip(cell: Compared) -> Found:
    """A thousand or ten thousand times the value before, or a part of it: 万元 for 亿元 and the like."""
    for before in (cell.before, cell.last_year, _target(cell)):
        if before is None or before == 0 or cell.value == 0 or cell.indicator.kind in RELATIVE:
            continue
        ratio = abs(cell.value / before)
        for slip, words in SLIPS.items():
            if slip / 2 <= ratio <= slip * 2 or slip / 2 <= 1 / ratio <= slip * 2:
                side = "大" if ratio > 1 else "小"
                return (
                    "单位可能有误",
                    f"报 {_shown(cell.value)}，与 {_shown(before)} 相差约{words}倍（偏{side}），可能把单位弄错了。"
                    f"应以{cell.indicator.unit or '规定单位'}计，请核对单位；确属如此的，请说明原因。",
                )
    return None


def jump(cell: Compared) -> Found:
    """More than three times the last period's value, or less than a third of it."""
    before = cell.before
    if before is None or cell.indicator.kind == QuantityKind.GROWTH:
        return None
    if cell.indicator.kind == QuantityKind.RATIO:
        points = cell.value - before
        if abs(points) <= JUMP_POINTS:
            return None
        return (
            "与上期相差较大",
            f"比上期{'高' if points > 0 else '低'} {percentage_points(abs(points))}（上期 {_shown(before)}%）。"
            f"一般不超过 {JUMP_POINTS} 个百分点，请核对并说明原因。",
        )
    if before == 0 or unit_slip(cell) is not None or falls_although_cumulative(cell) is not None:
        return None
    ratio = cell.value / before
    if Decimal(1) / JUMP_FACTOR <= ratio <= _jump_factor(cell):
        return None
    return (
        "与上期相差较大",
        f"报 {_shown(cell.value)}，为上期 {_shown(before)} 的 {_times(ratio)} 倍。请核对并说明原因。",
    )


def _jump_factor(cell: Compared) -> Decimal:
    """Within a year a cumulative value may well be several times that of the first quarter."""
    assert cell.previous is not None
    if cell.indicator.kind != QuantityKind.YEAR_TO_DATE:
        return Decimal(JUMP_FACTOR)
    return max(Decimal(JUMP_FACTOR), 2 * Decimal(cell.period.ends_on.month) / cell.previous.period.ends_on.month)


def falls_although_cumulative(cell: Compared) -> Found:
    """A cumulative value below the one before it; 核减, 退库 and 更正 happen, and are explained."""
    if cell.indicator.kind not in (QuantityKind.YEAR_TO_DATE, QuantityKind.SINCE_START):
        return None
    if cell.before is None or cell.value >= cell.before:
        return None
    return (
        "累计值下降",
        f"报 {_shown(cell.value)}，低于上期的 {_shown(cell.before)}；{cell.indicator.get_kind_display()}一般不会下降。"
        "请核对；确因核减、退库或更正的，请说明原因。",
    )


def percent_as_fraction(cell: Compared) -> Found:
    """0.469 where 46.9 is meant."""
    if cell.indicator.unit != "%" or cell.value == 0 or abs(cell.value) > 1:
        return None
    known = [value for value in (cell.before, cell.last_year, _target(cell)) if value is not None]
    if not any(abs(value) >= PERCENT_FLOOR for value in known):
        return None
    return (
        "百分数可能写成了小数",
        f"报 {_shown(cell.value)}%，而上期或目标为 {_shown(known[0])}%。"
        f"如果是 {_shown(cell.value * 100)}%，请改填 {_shown(cell.value * 100)}；确属如此的，请说明原因。",
    )


def as_of_outside_period(cell: Compared) -> Found:
    """An as-of date before the period begins or after it ends."""
    if cell.figure.as_of is None:
        return None
    as_of = AsOf(cell.figure.as_of, Precision(cell.figure.as_of_precision or Precision.DAY))
    if cell.period.covers(as_of.last_day):
        return None
    side = "早于" if as_of.last_day < cell.period.starts_on else "晚于"
    return (
        "截至日期不在报告期内",
        f"截至日期为{as_of_in_words(as_of)}，{side}报告期（{day_in_words(cell.period.starts_on)}至"
        f"{day_in_words(cell.period.ends_on)}）。请核对日期；确只有这一时点数据的，请说明原因。",
    )


def growths_differ_in_sign(cell: Compared) -> Found:
    """Values rise and the reported growth falls, or the other way round: prices, scope or revised bases."""
    reported, last_year = cell.figure.reported_growth, cell.last_year
    if reported is None or last_year is None or last_year <= 0 or cell.indicator.kind in RELATIVE:
        return None
    nominal = (cell.value / last_year - 1) * 100
    if nominal * reported >= 0:
        return None
    word = "增长" if nominal > 0 else "下降"
    return (
        "增速方向相反",
        f"按数值{word} {_tenths(abs(nominal))}%，可比价增速报 {growth(reported)}。"
        "请核对两个数；确因价格、口径或基数修订的，请说明原因。",
    )


def parts_differ_from_total(cell: Compared) -> Found:
    """The parts that may be added don't make up the total that was reported."""
    parts = [Decimal(part["value"]) for part in cell.figure.parts]
    if not parts or any(part["name"] in cell.not_added for part in cell.figure.parts):
        return None
    total = sum(parts, Decimal(0))
    if total == cell.value:
        return None
    return (
        "分项合计与总数不一致",
        f"{len(parts)} 个分项合计 {_shown(total)}，总数报 {_shown(cell.value)}，相差 {_shown(abs(total - cell.value))}。"
        "请核对；确不能相加的，请说明原因。",
    )


def differs_from_streets(cell: Compared) -> Found:
    """The district's own figure and the sum of its streets' are two figures; a difference is shown, not forbidden."""
    words = cell.streets.difference_in_words(cell.value, cell.indicator.unit) if cell.streets is not None else ""
    if not words:
        return None
    return "与街道合计不一致", f"{words}。允许不一致，差额随表报送；原因可写在说明中。"


def far_beyond_target(cell: Compared) -> Found:
    """Several times the target: another scope than the plan's, perhaps."""
    target = _target(cell)
    if target is None or cell.indicator.direction != Direction.RISING or cell.indicator.kind in RELATIVE:
        return None
    if cell.value <= target * TARGET_FACTOR or unit_slip(cell) is not None:
        return None
    return (
        "超出目标较多",
        f"报 {_shown(cell.value)}，为 {cell.indicator.plan.last_year}年目标 {_shown(target)} 的 {_times(cell.value / target)} 倍。"
        "请核对口径是否与规划一致，并说明原因。",
    )


CHECKS: tuple[Check, ...] = (
    unit_slip,
    percent_as_fraction,
    falls_although_cumulative,
    jump,
    as_of_outside_period,
    growths_differ_in_sign,
    parts_differ_from_total,
    far_beyond_target,
    differs_from_streets,
)
NOT_FORBIDDEN = frozenset({differs_from_streets.__name__})
"""Checks whose findings are only shown: nobody has to explain them."""


def _target(cell: Compared) -> Decimal | None:
    if cell.is_part:
        return None
    target = cell.indicator.target
    return target if target is not None and target > 0 else None


def _shown(value: Decimal) -> str:
    return number_on_screen(value)


def _tenths(value: Decimal) -> str:
    return number_on_screen(value, places=1)


def _times(ratio: Decimal) -> str:
    return number_on_screen(ratio, places=1 if abs(ratio) >= 1 else 2)
