"""How each indicator was assessed at a moment, from the versions that were in force; it costs what the plan is large."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from arithmetic.goal import Thresholds
from audit.past import as_it_was, known_then
from evaluation.models import DecidedAssessment, Evaluation
from evaluation.queries.assessment import Assessed, Basis, thresholds_of
from indicators.models import AnnualTarget, Indicator, IndicatorCategory
from organisations.models import Organisation, User
from plans.models import Plan, ReportingPeriod
from projects.models import MajorProject
from responsibilities.models import Responsibility
from submissions.models import PublishedValue
from tasks.models import KeyTask, TaskChapter


def assess_at(
    plan: Plan, evaluation: Evaluation | None, *, moment: datetime, until: date, parts: bool = False
) -> list[Assessed]:
    """Assess the plan's indicators as one would have at a moment, by what was known then up to a day; with ``parts``
    the quantities of tasks and projects instead."""
    return basis_at(plan, evaluation, moment=moment, parts=parts).on(until)


def basis_at(plan: Plan, evaluation: Evaluation | None, *, moment: datetime, parts: bool = False) -> Basis:
    """What one would have assessed by at a moment."""
    indicators = parts_at(plan, moment) if parts else indicators_at(plan, moment)
    case = case_at(evaluation, moment)
    return Basis(
        indicators,
        published_at(indicators, moment),
        answering_at(plan, moment),
        thresholds_of(case) if case else Thresholds(),
        _decided_at(case, moment),
    )


def case_at(evaluation: Evaluation | None, moment: datetime) -> Evaluation | None:
    """The case as it was, with its thresholds; None where there was none yet."""
    return next(iter(as_it_was(Evaluation, [evaluation.pk], moment)), None) if evaluation else None


def answering_at(plan: Plan, moment: datetime) -> list[Responsibility]:
    """Who answered for indicators, with the organisations as they were called."""
    rows = as_it_was(Responsibility, _keys(Responsibility.objects.filter(plan=plan, indicator__isnull=False)), moment)
    organisations = known_then(Organisation, {row.organisation_id for row in rows}, moment)
    for row in rows:
        row.organisation = organisations[row.organisation_id]
    return sorted(rows, key=lambda row: row.organisation.position)


def indicators_at(plan: Plan, moment: datetime) -> list[Indicator]:
    """The indicators of the plan's categories as they were, with their categories and annual targets."""
    rows = as_it_was(Indicator, _keys(Indicator.objects.filter(plan=plan, category__isnull=False)), moment)
    categories = as_it_was(IndicatorCategory, {row.category_id or 0 for row in rows}, moment)
    by_key = {category.pk: category for category in categories}
    found = [row for row in rows if row.category_id in by_key]
    for row in found:
        row.category = by_key[cast(int, row.category_id)]
    _complete(found, plan, moment)
    return sorted(found, key=lambda row: (row.category.number if row.category else 0, row.number))


def parts_at(plan: Plan, moment: datetime) -> list[Indicator]:
    """The quantities of tasks, then of projects, as they were."""
    rows = as_it_was(Indicator, _keys(Indicator.objects.filter(plan=plan, category=None)), moment)
    tasks = known_then(KeyTask, {row.task_id for row in rows if row.task_id}, moment)
    chapters = known_then(TaskChapter, {task.chapter_id for task in tasks.values()}, moment)
    for task in tasks.values():
        task.chapter = chapters[task.chapter_id]
    projects = known_then(MajorProject, {row.project_id for row in rows if row.project_id}, moment)
    for row in rows:
        row.category, row.task, row.project = None, tasks.get(row.task_id or 0), projects.get(row.project_id or 0)
    _complete(rows, plan, moment)
    return sorted(rows, key=lambda row: (row.task_id is None, row.number))


def _complete(rows: list[Indicator], plan: Plan, moment: datetime) -> None:
    """Give indicators their plan, and their annual targets as they were."""
    targets: dict[int, list[AnnualTarget]] = defaultdict(list)
    for target in as_it_was(AnnualTarget, _keys(AnnualTarget.objects.filter(indicator__in=rows)), moment):
        targets[target.indicator_id].append(target)
    for row in rows:
        row.plan = plan
        given: Any = row
        given._prefetched_objects_cache = {"annual_targets": targets[row.pk]}


def published_at(indicators: Iterable[Indicator], moment: datetime) -> list[PublishedValue]:
    """What was published of indicators, as it was, in order; withdrawn ones too."""
    by_key = {row.pk: row for row in indicators}
    keys = _keys(PublishedValue.objects.filter(indicator__in=list(by_key)))
    values = as_it_was(PublishedValue, keys, moment)
    periods = known_then(ReportingPeriod, {value.period_id for value in values}, moment)
    organisations = known_then(Organisation, {value.organisation_id for value in values}, moment)
    for value in values:
        value.period, value.organisation = periods[value.period_id], organisations[value.organisation_id]
        value.indicator = by_key[value.indicator_id]
    return sorted(values, key=lambda value: value.sequence)


def _decided_at(case: Evaluation | None, moment: datetime) -> dict[int, DecidedAssessment]:
    """What people had decided; a decision that was withdrawn since counts still."""
    if case is None:
        return {}
    versions: Any = DecidedAssessment.history.filter(evaluation_id=case.pk).values_list("id", flat=True)
    rows = [row for row in as_it_was(DecidedAssessment, set(versions), moment) if row.withdrawn_at is None]
    people = known_then(User, {row.by_id for row in rows}, moment)
    for row in rows:
        row.by = people[row.by_id]
    return {row.indicator_id: row for row in rows}


def _keys(rows: Any) -> list[int]:
    return list(rows.values_list("pk", flat=True))
