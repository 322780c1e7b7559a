"""What is known of an indicator: today's rows, or those of a moment."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from audit.past import as_it_was
from evaluation.models import Evaluation
from evaluation.queries import Assessed
from evaluation.queries.past import assess_at, published_at
from indicators.models import Indicator
from organisations.models import Organisation
from overview.queries import origin
from plans.models import ReportingPeriod
from submissions.models import Figure, PublishedValue, Submission


@dataclass(frozen=True)
class Known:
    """The indicator, its figures (the latest period first), what was published of it in order, and its assessment."""

    indicator: Indicator
    figures: list[Figure]
    values: list[PublishedValue]
    row: Assessed | None


def known_of(
    indicator: Indicator, evaluation: Evaluation | None, until: date, moment: datetime | None = None
) -> Known:
    """Return what is known of an indicator, or what was at a moment."""
    if moment is not None:
        return _known_at(indicator, evaluation, until, moment)
    figures = Figure.objects.filter(indicator=indicator).select_related("period", "organisation", "submission")
    values = PublishedValue.objects.filter(indicator=indicator).select_related("period").order_by("sequence")
    row = origin.assessed_row(indicator, evaluation, until)
    return Known(indicator, list(figures.order_by("-period__ends_on")), list(values), row)


def _known_at(indicator: Indicator, evaluation: Evaluation | None, until: date, moment: datetime) -> Known:
    then = next(iter(as_it_was(Indicator, [indicator.pk], moment)), indicator)
    then.plan = indicator.plan
    keys = Figure.objects.filter(indicator=indicator).values_list("pk", flat=True)
    figures = as_it_was(Figure, keys, moment)
    periods: Any = ReportingPeriod.objects.in_bulk({figure.period_id for figure in figures})
    units: Any = Organisation.objects.in_bulk({figure.organisation_id for figure in figures})
    forms: Any = Submission.objects.in_bulk({figure.submission_id for figure in figures})
    for figure in figures:
        figure.indicator, figure.period = then, periods[figure.period_id]
        figure.organisation, figure.submission = units[figure.organisation_id], forms[figure.submission_id]
    figures.sort(key=lambda figure: figure.period.ends_on, reverse=True)
    rows = assess_at(indicator.plan, evaluation, moment=moment, until=until) if indicator.category_id else []
    row = next((row for row in rows if row.indicator.pk == indicator.pk), None)
    return Known(then, figures, published_at([then], moment), row)
