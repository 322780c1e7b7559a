"""Where a number comes from: its points, both growths, its place in the report, its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arithmetic.growth import growth_gap, nominal_growth
from arithmetic.shown import as_of_in_words
from evaluation.queries import Point
from evaluation.queries.series import series_of
from indicators.models import Indicator, QuantityKind
from organisations.models import Organisation, Provenance, Role, User
from overview.showing import base_on_screen, reading_on_screen, target_on_screen
from responsibilities.models import Responsibility
from submissions.models import PublishedValue


@dataclass(frozen=True)
class Growth:
    """In percent; the two kinds apart, and what they differ by in percentage points."""

    comparable: Decimal | None
    source: str
    nominal: Decimal | None

    @property
    def gap(self) -> Decimal | None:
        return growth_gap(self.nominal, self.comparable)


@dataclass(frozen=True)
class Year:
    """A row of the years: when, how much, at comparable prices; the one that is looked at is marked."""

    words: str
    value: str
    growth: Decimal | None = None
    is_this: bool = False
    period: str = ""
    is_assumed: bool = False


def sees_drafts(user: User, organisation: Organisation) -> bool:
    """Reviewers, auditors and the organisation's own people see what isn't published; nobody else."""
    if user.has_role(Role.REVIEWER, Role.AUDITOR):
        return True
    return user.organisation_id == organisation.pk and user.has_role(Role.REPORTER, Role.HEAD)


def in_words(parts: Sequence[Responsibility]) -> list[tuple[str, str, bool]]:
    """Each kind of part with the names of its organisations, and whether any of it is assumed."""
    found: dict[str, list[Responsibility]] = {}
    for part in parts:
        found.setdefault(part.get_part_display(), []).append(part)
    return [
        (
            words,
            "、".join(row.organisation.display_name for row in rows),
            any(row.provenance == Provenance.ASSUMED for row in rows),
        )
        for words, rows in found.items()
    ]


def points_of(
    values: Iterable[PublishedValue], indicator: Indicator, organisation: Organisation, until: date
) -> tuple[Point, ...]:
    """The organisation's published points up to a day, oldest first; a flow's at ends of years and the newest one."""
    flow = indicator.kind in (QuantityKind.YEAR_TO_DATE, QuantityKind.ANNUAL)
    own = [value for value in values if value.organisation_id == organisation.pk and value.withdrawn_at is None]
    return series_of(own, {}, until=until, is_annual_flow=flow)


def growth_of(point: Point, points: Sequence[Point]) -> Growth:
    """Growth reported at comparable prices, and growth computed from the values: never mixed."""
    published = point.published
    previous = published.last_year_value
    if previous is None:
        year_before = [each for each in points if each.day == _year_before(point.day)]
        previous = year_before[-1].published.value if year_before else None
    nominal = None
    if published.value is not None and previous is not None:
        nominal = nominal_growth(published.value, previous)
    return Growth(published.reported_growth, published.growth_source, nominal)


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def years_of(indicator: Indicator, points: Sequence[Point], this: Point | None) -> list[Year]:
    """The base, every published point, the target."""
    plan = indicator.plan
    rows = [Year(f"{plan.base_year}年（基数）", base_on_screen(indicator))]
    for point in points:
        published = point.published
        rows.append(
            Year(
                published.as_of_printed or as_of_in_words(point.as_of),
                reading_on_screen(published),
                published.reported_growth,
                is_this=this is not None and published.pk == this.published.pk,
                period=published.period.name,
                is_assumed=published.provenance == "assumed",
            )
        )
    return [*rows, Year(f"{plan.last_year}年（目标）", target_on_screen(indicator))]


def drawn(indicator: Indicator, points: Sequence[Point]) -> dict[str, object]:
    """What the chart's script reads: numbers as text, so that none is rounded on the way.

    A total that starts anew each January is drawn for full years only: half a year is no fall.
    """
    plan = indicator.plan
    if indicator.kind in (QuantityKind.YEAR_TO_DATE, QuantityKind.ANNUAL):
        points = [point for point in points if point.as_of.is_end_of_year]
    base = [[f"{plan.base_year}-12-31", str(indicator.base)]] if indicator.base is not None else []
    series = [[point.day.isoformat(), str(point.published.value)] for point in points if point.has_value]
    goal = [[f"{plan.last_year}-12-31", str(indicator.target)]] if indicator.target is not None else []
    return {
        "first": plan.base_year,
        "last": plan.last_year,
        "years": list(range(plan.base_year, plan.last_year + 1)),
        "series": base + series,
        "goal": base + goal if base and goal else goal,
    }
