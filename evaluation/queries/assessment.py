"""How each indicator is assessed: the rule's proposal beside what a person decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from arithmetic import goal as words
from arithmetic.as_of import AsOf
from arithmetic.goal import Goal, Judgement, Reading, Thresholds
from arithmetic.judgement import judge
from arithmetic.shown import as_of_in_words
from evaluation.models import DecidedAssessment, Evaluation
from evaluation.queries.series import Point, series_of
from indicators.goals import goal_of
from indicators.models import Indicator
from plans.models import Plan
from responsibilities.models import Part, Responsibility
from submissions.models import PublishedValue


@dataclass(frozen=True)
class Assessed:
    """One indicator of a plan, assessed as of a cut-off.

    ``point`` is the published value that is judged (None where there is none), ``series`` the points before and up to
    it. ``current`` is a later value of an annual flow within its year, told in ``current_sentence`` and not judged.
    ``verdict`` and ``outlook`` are what counts: as decided, else as the rule proposes in ``judgement``.
    """

    indicator: Indicator
    goal: Goal
    judgement: Judgement
    point: Point | None
    series: tuple[Point, ...] = ()
    current: Point | None = None
    current_sentence: str = ""
    decided: DecidedAssessment | None = None

    @property
    def number(self) -> int:
        return self.indicator.number

    @property
    def name(self) -> str:
        return self.indicator.name

    @property
    def published(self) -> PublishedValue | None:
        return self.point.published if self.point is not None else None

    @property
    def value(self) -> Decimal | None:
        return self.published.value if self.published is not None else None

    @property
    def as_of(self) -> AsOf | None:
        return self.point.as_of if self.point is not None and self.point.has_value else None

    @property
    def as_of_words(self) -> str:
        """The as-of date as it was printed, else in its precision; a dash where there is none."""
        if self.as_of is None or self.published is None:
            return as_of_in_words(None)
        return self.published.as_of_printed or as_of_in_words(self.as_of)

    @property
    def verdict(self) -> words.Verdict:
        return words.Verdict(self.decided.verdict) if self.decided and self.decided.verdict else self.judgement.verdict

    @property
    def outlook(self) -> words.Outlook:
        return words.Outlook(self.decided.outlook) if self.decided and self.decided.outlook else self.judgement.outlook

    @property
    def is_decided(self) -> bool:
        """Whether a person decided otherwise than the rule proposes."""
        return self.decided is not None

    @property
    def is_lagging(self) -> bool:
        """滞后 and 严重滞后 together."""
        return self.verdict in (words.Verdict.LAGGING, words.Verdict.BADLY_LAGGING)

    @property
    def progress(self) -> Decimal | None:
        """The plain ratio, as computed; None where the base is missing or equals the target."""
        return self.judgement.progress

    @property
    def time_passed(self) -> Decimal | None:
        return self.judgement.time_passed

    @property
    def label(self) -> str:
        return self.judgement.label

    @property
    def sentence(self) -> str:
        return self.judgement.sentence


@dataclass(frozen=True)
class Basis:
    """What a plan's indicators are assessed by: read once, for as many days as one looks at.

    ``published`` has the withdrawn values, too; they don't count.
    """

    indicators: Sequence[Indicator]
    published: Sequence[PublishedValue]
    answering: Sequence[Responsibility]
    thresholds: Thresholds
    decided: Mapping[int, DecidedAssessment]

    @cached_property
    def values(self) -> dict[int, list[PublishedValue]]:
        """Those that stand, by indicator."""
        found: dict[int, list[PublishedValue]] = defaultdict(list)
        for value in self.published:
            if value.withdrawn_at is None:
                found[value.indicator_id].append(value)
        return found

    @cached_property
    def parts(self) -> dict[int, dict[int, str]]:
        return parts_of(self.answering)

    def on(self, day: date) -> list[Assessed]:
        """Assess every indicator by what is true up to a day."""
        return [self.of(row, day) for row in self.indicators]

    def of(self, row: Indicator, day: date) -> Assessed:
        return assessed_row(
            row, self.values[row.pk], self.parts[row.pk], day, self.thresholds, self.decided.get(row.pk)
        )


def basis_of(evaluation: Evaluation, *, parts: bool = False) -> Basis:
    """What a case assesses: the indicators of its plan's categories, or with ``parts`` the quantities of tasks, then of
    projects. Five queries, however many indicators there are."""
    decided = {row.indicator_id: row for row in evaluation.decided.filter(withdrawn_at=None).select_related("by")}
    return _basis(evaluation.plan, parts, thresholds_of(evaluation), decided)


def basis_of_plan(plan: Plan, *, parts: bool = False) -> Basis:
    """The same by the standing thresholds, where there is no case."""
    return _basis(plan, parts, Thresholds(), {})


def _basis(plan: Plan, parts: bool, thresholds: Thresholds, decided: Mapping[int, DecidedAssessment]) -> Basis:
    indicators = (
        Indicator.objects.filter(plan=plan, category__isnull=parts)
        .select_related("category", "task__chapter", "project", "plan")
        .prefetch_related("annual_targets")
        .order_by("category__number", "task__chapter__number", "task__number", "project__number", "number")
    )
    published = PublishedValue.objects.filter(indicator__plan=plan).select_related("period", "organisation")
    answering = Responsibility.objects.filter(plan=plan, indicator__isnull=False).select_related("organisation")
    return Basis(
        list(indicators),
        list(published.order_by("sequence")),
        list(answering.order_by("organisation__position")),
        thresholds,
        decided,
    )


def assess(evaluation: Evaluation, *, until: date | None = None) -> list[Assessed]:
    """Assess every indicator of the plan's categories, in order, by the values published up to the cut-off.

    ``until`` looks at another day than the case's own cut-off. What a person decided is of this case and shown on any
    day.
    """
    return basis_of(evaluation).on(until or evaluation.cut_off)


def assess_plan(plan: Plan, *, until: date) -> list[Assessed]:
    """Assess a plan's indicators by the standing thresholds where there is no case."""
    return basis_of_plan(plan).on(until)


def assess_parts(evaluation: Evaluation, *, until: date | None = None) -> list[Assessed]:
    """Assess the quantities of tasks, then of projects, which belong to no category."""
    return basis_of(evaluation, parts=True).on(until or evaluation.cut_off)


def assess_parts_of_plan(plan: Plan, *, until: date) -> list[Assessed]:
    """Assess the quantities of tasks and projects by the standing thresholds where there is no case."""
    return basis_of_plan(plan, parts=True).on(until)


def thresholds_of(evaluation: Evaluation) -> Thresholds:
    """Return the case's own thresholds; what it doesn't say is as usual."""
    return Thresholds(**{name: Decimal(str(value)) for name, value in evaluation.thresholds.items()})


def parts_of(rows: Iterable[Responsibility]) -> dict[int, dict[int, str]]:
    """The parts in indicators, by indicator and organisation; the lead's counts most."""
    parts: dict[int, dict[int, str]] = defaultdict(dict)
    for row in rows:
        indicator, organisation, part = row.indicator_id, row.organisation_id, row.part
        if part == Part.LEAD or organisation not in parts[indicator or 0]:
            parts[indicator or 0][organisation] = part
    return parts


def assessed_row(
    indicator: Indicator,
    values: Sequence[PublishedValue],
    parts: dict[int, str],
    until: date,
    thresholds: Thresholds,
    decided: DecidedAssessment | None,
) -> Assessed:
    goal = goal_of(indicator)
    is_flow = goal.kind.is_annual_flow
    series = series_of(values, parts, until=until, is_annual_flow=is_flow)
    point, current = _judged_point(series, goal)
    return Assessed(
        indicator=indicator,
        goal=goal,
        judgement=judge(goal, reading_of(point) if point else None, thresholds=thresholds),
        point=point,
        series=tuple(each for each in series if each.has_value and each is not current),
        current=current,
        current_sentence=judge(goal, reading_of(current)).sentence if current else "",
        decided=decided,
    )


def _judged_point(series: tuple[Point, ...], goal: Goal) -> tuple[Point | None, Point | None]:
    """The point that is judged, and a later one within its year: an annual flow is judged by its last full year."""
    if not series:
        return None, None
    if not goal.counted:
        return series[-1], None
    valued = [point for point in series if point.has_value]
    if not valued:
        return series[-1], None
    if goal.kind.is_annual_flow:
        full = [point for point in valued if point.as_of.is_end_of_year]
        if full and full[-1] is not valued[-1]:
            return full[-1], valued[-1]
    return valued[-1], None


def reading_of(point: Point) -> Reading:
    """Return a published value as the arithmetic takes it."""
    published = point.published
    return Reading(
        value=published.value,
        as_of=point.as_of,
        expectation=words.Expectation(published.expectation) if published.expectation else None,
        no_data_reason=published.no_data_reason,
        last_year_value=published.last_year_value,
        reported_growth=published.reported_growth,
    )
