"""What a desk is made of: for each role a part that answers its question, with duties, then what is good to know."""

from dataclasses import dataclass, field
from datetime import datetime

from arithmetic.shown import working_days_in_words
from overview.queries.forms import Returned
from overview.templatetags.showing import as_due
from plans.calendar import working_days_left
from plans.models import ReportingPeriod

SHOWN = 20


@dataclass(frozen=True)
class When:
    """How long there is, in words; the day; and whether it has passed."""

    words: str
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Duty:
    """One thing to do: when, what, why, and the one button."""

    when: When
    title: str
    button: str
    url: str
    state: str = ""
    kind: str = ""
    lines: tuple[str, ...] = ()
    returned: tuple[Returned, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Line:
    """One line of a panel: the name, linked; the rest, which may lead elsewhere; ``kind`` is the class of the state's
    shape."""

    text: str
    url: str = ""
    rest: str = ""
    rest_url: str = ""
    aside: str = ""
    state: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Panel:
    title: str
    lines: tuple[Line, ...] = ()
    note: str = ""
    empty: str = ""

    @property
    def shown(self) -> tuple[Line, ...]:
        return self.lines[:SHOWN]

    @property
    def hidden(self) -> int:
        return max(0, len(self.lines) - SHOWN)


@dataclass(frozen=True)
class Part:
    """A role's part of the desk. ``answer`` answers its question; ``calm`` is said where there is nothing to do."""

    answer: str
    duties: tuple[Duty, ...] = ()
    calm: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    promise: str = ""
    links: tuple[tuple[str, str], ...] = ()
    panels: tuple[Panel, ...] = ()
    search: str = ""
    more: str = ""
    label: str = field(default="", compare=False)

    @property
    def shown(self) -> tuple[Duty, ...]:
        return self.duties[:SHOWN]

    @property
    def hidden(self) -> int:
        return max(0, len(self.duties) - SHOWN)

    @property
    def late(self) -> int:
        return sum(duty.when.is_late for duty in self.duties)


def counted(number: int, late: int) -> str:
    """你有 4 件事要办，其中 1 件已逾期."""
    if not number:
        return "目前没有要你办的事"
    return f"你有 {number} 件事要办，其中 {late} 件已逾期" if late else f"你有 {number} 件事要办"


def until(deadline: datetime) -> When:
    """The words of a deadline: how long, until when, and whether it has passed."""
    left = working_days_left(deadline)
    if left < 0:
        day = as_due(deadline).rpartition("）")[0]
        return When(working_days_in_words(left), f"应于 {day}）前报送", is_late=True)
    return When(working_days_in_words(left), f"{as_due(deadline)} 截止")


def form_name(period: ReportingPeriod) -> str:
    """The name of a period's form: 一季度填报表; a period that is named …填报 doesn't say it twice."""
    return f"{period.name.removesuffix('表').removesuffix('填报')}填报表"


def since(moment: datetime) -> str:
    """今天提交, 已等 3 个工作日."""
    waited = -working_days_left(moment)
    return "今天提交" if waited <= 0 else f"已等 {waited} 个工作日"
