"""What is judged: an indicator's goal and a reading of it, as plain values.

The enums' values are what other rooms store; their Chinese words stand with those rooms' fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from arithmetic.as_of import AsOf


class MissingBase(StrEnum):
    """Why there is no base: - and —— can mean any of the three."""

    NOT_SET = "not_set"  # 未设定
    NOT_OBTAINED = "not_obtained"  # 未取得
    FROM_ZERO = "from_zero"  # 从零起算: then the base counts as 0


class TargetForm(StrEnum):
    """How a target is to be read."""

    REACH = "reach"  # 达到
    AT_LEAST = "at_least"  # 不低于
    AT_MOST = "at_most"  # 不高于
    HOLD = "hold"  # 保持
    RANGE = "range"  # 区间
    YES_NO = "yes_no"  # 是否
    AVERAGE_RATE = "average_rate"  # 年均


class Direction(StrEnum):
    """Which way is better."""

    RISING = "rising"  # 正向
    FALLING = "falling"  # 逆向


class Kind(StrEnum):
    """What a quantity counts, which decides what may be compared."""

    PERIOD = "period"  # 当期值
    YEAR_TO_DATE = "year_to_date"  # 本年累计
    SINCE_START = "since_start"  # 规划期累计
    ANNUAL = "annual"  # 年度值
    STOCK = "stock"  # 时点值
    RATIO = "ratio"  # 比率
    GROWTH = "growth"  # 增速

    @property
    def is_annual_flow(self) -> bool:
        """年度总量: starts anew each January, so that only full years can be judged."""
        return self in (Kind.YEAR_TO_DATE, Kind.ANNUAL)

    @property
    def changes_in_points(self) -> bool:
        """Whether a difference is in percentage points."""
        return self in (Kind.RATIO, Kind.GROWTH)


class Path(StrEnum):
    """How a goal without annual targets is expected to be approached."""

    LINEAR = "linear"  # 线性
    EQUAL_GROWTH = "equal_growth"  # 等速增长
    STEPS = "steps"  # 阶梯


class Expectation(StrEnum):
    """What the organisation that reports the number says about reaching the target in time."""

    YES = "yes"  # 预计能完成
    NO = "no"  # 预计难完成
    UNCLEAR = "unclear"  # 暂不能判断


@dataclass(frozen=True, slots=True)
class Goal:
    """An indicator as far as a judgement needs it; numbers in its own unit, percentages as 12.5 for 12.5 %.

    `target` is the lower end of a range, `target_upper` its upper end; `target_exclusive` is ＞ rather than ≥. For a
    yes/no goal the target isn't read. `annual_targets` maps a year to the target for its end.
    """

    base_year: int
    end_year: int
    base: Decimal | None = None
    base_missing: MissingBase | None = None
    target: Decimal | None = None
    target_upper: Decimal | None = None
    target_exclusive: bool = False
    target_form: TargetForm = TargetForm.REACH
    direction: Direction = Direction.RISING
    kind: Kind = Kind.STOCK
    unit: str = ""
    counted: bool = True
    not_counted_reason: str = ""
    path: Path = Path.LINEAR
    annual_targets: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def start(self) -> Decimal | None:
        """The base to measure from: 0 where it is counted from zero, None where it is missing."""
        if self.base is None and self.base_missing is MissingBase.FROM_ZERO:
            return Decimal(0)
        return self.base

    @property
    def in_points(self) -> bool:
        """Whether its gaps are percentage points."""
        return self.kind.changes_in_points or self.unit == "%"


@dataclass(frozen=True, slots=True)
class Reading:
    """A published value with its own as-of date.

    `value` is None where the answer was 无数据; `no_data_reason` says why. For a yes/no goal 1 is yes, 0 no.
    `expectation` is None where the organisation wasn't asked or said nothing. `last_year_value` is the same period's
    value a year before at comparable scope; `reported_growth` the growth in percent at comparable prices.
    """

    value: Decimal | None
    as_of: AsOf | None
    expectation: Expectation | None = None
    no_data_reason: str = ""
    last_year_value: Decimal | None = None
    reported_growth: Decimal | None = None


class Verdict(StrEnum):
    """是否达到中期进度: is it where it should be now."""

    EARLY = "early"
    FASTER = "faster"
    ON_COURSE = "on_course"
    LAGGING = "lagging"
    BADLY_LAGGING = "badly_lagging"
    NOT_JUDGED = "not_judged"
    DROPPED = "dropped"

    @property
    def words(self) -> str:
        """As the state published them in 2023; 严重滞后 is our own inner warning."""
        return _VERDICT_WORDS[self]


class Outlook(StrEnum):
    """预计能否如期完成: will it get there."""

    DONE = "done"
    CAN = "can"
    CAN_HOLD = "can_hold"
    HARD = "hard"
    UNDECIDED = "undecided"
    NONE = "none"

    @property
    def words(self) -> str:
        """Its Chinese words."""
        return _OUTLOOK_WORDS[self]


_VERDICT_WORDS = {
    Verdict.EARLY: "提前实现",
    Verdict.FASTER: "快于预期",
    Verdict.ON_COURSE: "基本符合预期",
    Verdict.LAGGING: "滞后",
    Verdict.BADLY_LAGGING: "严重滞后",
    Verdict.NOT_JUDGED: "暂不评价",
    Verdict.DROPPED: "不再纳入统计",
}
_OUTLOOK_WORDS = {
    Outlook.DONE: "已完成",
    Outlook.CAN: "预计能完成",
    Outlook.CAN_HOLD: "预计能保持",
    Outlook.HARD: "预计难完成",
    Outlook.UNDECIDED: "暂不判断",
    Outlook.NONE: "不评价",
}


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where the words change, on progress ÷ expected progress (≥ each number)."""

    faster: Decimal = Decimal("1.1")
    on_course: Decimal = Decimal("0.9")
    lagging: Decimal = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Both judgements of one reading, with what they stand on.

    `progress`, `completion_rate` and `time_passed` are plain ratios, unrounded; `progress` also below 0. `label` is
    what stands beside the bar (25.5%, 低于基期 10.0%), `sentence` a whole Chinese sentence with the gap, `basis`
    and `outlook_basis` say by which rule each word was chosen.
    """

    verdict: Verdict
    outlook: Outlook
    label: str
    sentence: str
    basis: str
    outlook_basis: str
    progress: Decimal | None = None
    completion_rate: Decimal | None = None
    time_passed: Decimal | None = None
