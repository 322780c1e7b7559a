"""The geometry of the small drawings in a row: a bar with a tick, a line beside its goal. Exact numbers, no pixels lost."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arithmetic.as_of import AsOf, year_end
from arithmetic.goal import Outlook, Verdict
from arithmetic.progress import time_passed
from evaluation.queries import Assessed

WIDTH, HEIGHT, MARGIN = Decimal(64), Decimal(22), Decimal(3)
FULL = Decimal(100)


@dataclass(frozen=True)
class Bar:
    """Lengths in hundredths of the bar; ``tick`` is where time stands (None: not dated)."""

    fill: Decimal
    tick: Decimal | None
    is_completion_rate: bool = False


@dataclass(frozen=True)
class Line:
    """Points as SVG writes them; ``goal`` is the straight way from base to target, empty where there is none."""

    points: str
    goal: str
    last_x: Decimal
    last_y: Decimal


def bar_of(row: Assessed) -> Bar | None:
    """Return the bar of an assessed indicator; None where nothing can be measured.

    Without a base it is the completion rate, and says so; what is to be held is full when it is held; what lies
    below the base is empty, never a negative length.
    """
    judgement = row.judgement
    if judgement.verdict is Verdict.DROPPED or row.value is None:
        return None
    tick = None if judgement.time_passed is None else _within(judgement.time_passed * FULL)
    if judgement.outlook is Outlook.CAN_HOLD and judgement.verdict in (Verdict.ON_COURSE, Verdict.EARLY):
        return Bar(FULL, tick)
    if judgement.progress is not None:
        return Bar(_within(judgement.progress * FULL), tick)
    if judgement.completion_rate is not None:
        return Bar(_within(judgement.completion_rate * FULL), tick, is_completion_rate=True)
    return None if tick is None else Bar(Decimal(0), tick)


def line_of(row: Assessed) -> Line | None:
    """Return the line from the base through every published value; None where there are fewer than two points."""
    goal = row.goal
    known: list[tuple[Decimal, Decimal | None]] = [(Decimal(0), goal.start)] if goal.start is not None else []
    known += [(_place(row, point.as_of), point.published.value) for point in row.series]
    points = [(x, y) for x, y in known if y is not None]
    if len(points) < 2 or row.judgement.verdict is Verdict.DROPPED:
        return None
    way = [(Decimal(0), goal.start), (Decimal(1), goal.target)] if goal.start is not None else []
    straight = [(x, y) for x, y in way if y is not None]
    straight = straight if len(straight) == 2 else []
    heights = [y for _, y in points + straight]
    low, high = min(heights), max(heights)
    drawn = [_at(x, y, low, high) for x, y in points]
    return Line(
        points=_written(drawn),
        goal=_written([_at(x, y, low, high) for x, y in straight]),
        last_x=drawn[-1][0],
        last_y=drawn[-1][1],
    )


def _place(row: Assessed, as_of: AsOf) -> Decimal:
    return time_passed(as_of, base_year=row.goal.base_year, end_year=row.goal.end_year)


def time_on(day: date, *, base_year: int, end_year: int) -> Decimal:
    """The share of the plan's time that has passed on a day, from 0 to 1."""
    if day <= year_end(base_year).last_day:
        return Decimal(0)
    return min(time_passed(AsOf(day), base_year=base_year, end_year=end_year), Decimal(1))


def _at(x: Decimal, y: Decimal, low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    share = (y - low) / (high - low) if high != low else Decimal("0.5")
    across = MARGIN + x * (WIDTH - 2 * MARGIN)
    down = HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)
    return _tenth(across), _tenth(down)


def _written(points: list[tuple[Decimal, Decimal]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _within(length: Decimal) -> Decimal:
    return _tenth(max(Decimal(0), min(FULL, length)))


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))
