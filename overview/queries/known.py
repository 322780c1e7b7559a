"""What is known of an indicator: today's rows, or those of a moment."""

from dataclasses import dataclass
from datetime import date, datetime

from audit.past import as_it_was, known_then
from evaluation.models import Evaluation
from evaluation.queries import Assessed, Basis, basis_of, basis_of_plan
from evaluation.queries.past import basis_at
from indicators.models import Indicator
from organisations.models import Organisation
from plans.models import ReportingPeriod
from responsibilities.models import Part, Responsibility
from submissions.models import Figure, PublishedValue, Submission


@dataclass(frozen=True)
class Known:
    """The indicator, its figures (the latest period first), what was published of it in order, who answers for it, and
    its assessment; ``basis`` is what all indicators beside it are assessed by."""

    indicator: Indicator
    figures: list[Figure]
    values: list[PublishedValue]
    parts: list[Responsibility]
    basis: Basis
    row: Assessed | None


def known_of(
    indicator: Indicator, evaluation: Evaluation | None, until: date, moment: datetime | None = None
) -> Known:
    """Return what is known of an indicator, or what was at a moment."""
    is_part = indicator.category_id is None
    if moment is not None:
        basis = basis_at(indicator.plan, evaluation, moment=moment, parts=is_part)
    elif evaluation is not None:
        basis = basis_of(evaluation, parts=is_part)
    else:
        basis = basis_of_plan(indicator.plan, parts=is_part)
    there = next((row for row in basis.indicators if row.pk == indicator.pk), None)
    parts = [row for row in basis.answering if row.indicator_id == indicator.pk]
    figures = _figures_at(there or indicator, moment) if moment else _figures(indicator)
    return Known(
        there or indicator,
        sorted(figures, key=lambda figure: figure.period.ends_on, reverse=True),
        [value for value in basis.published if value.indicator_id == indicator.pk],
        sorted(parts, key=lambda row: list(Part).index(Part(row.part))),
        basis,
        basis.of(there, until) if there is not None else None,
    )


def _figures(indicator: Indicator) -> list[Figure]:
    return list(Figure.objects.filter(indicator=indicator).select_related("period", "organisation", "submission"))


def _figures_at(indicator: Indicator, moment: datetime) -> list[Figure]:
    keys = Figure.objects.filter(indicator=indicator).values_list("pk", flat=True)
    figures = as_it_was(Figure, keys, moment)
    periods = known_then(ReportingPeriod, {figure.period_id for figure in figures}, moment)
    units = known_then(Organisation, {figure.organisation_id for figure in figures}, moment)
    forms = known_then(Submission, {figure.submission_id for figure in figures}, moment)
    for figure in figures:
        figure.indicator, figure.period = indicator, periods[figure.period_id]
        figure.organisation, figure.submission = units[figure.organisation_id], forms[figure.submission_id]
    return figures
