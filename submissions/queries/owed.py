"""What each organisation is asked in a period, by the responsibilities valid on a day."""

from collections import defaultdict
from datetime import date

from indicators.models import Frequency, Indicator
from organisations.models import Organisation, valid_on
from plans.models import LAST_MONTHS, PeriodKind, ReportingPeriod
from responsibilities.models import Part, Responsibility

# the periods with whose last day a cycle of the frequency ends
CYCLES = {
    Frequency.MONTH: PeriodKind.MONTH,
    Frequency.QUARTER: PeriodKind.QUARTER,
    Frequency.HALF_YEAR: PeriodKind.HALF_YEAR,
    Frequency.YEAR: PeriodKind.YEAR,
}


def owed_by_organisation(period: ReportingPeriod, day: date) -> dict[Organisation, list[Responsibility]]:
    """Return what each organisation would be asked in the period, by the responsibilities valid on a day.

    An organisation that is no longer valid is stood for by its successor.
    """
    rows = Responsibility.objects.filter(valid_on(day), plan=period.plan_id).select_related(
        "organisation__successor", "indicator"
    )
    owed: dict[Organisation, list[Responsibility]] = defaultdict(list)
    for row in rows.order_by("indicator__number", "task", "project", "id"):
        if _is_asked(row, period):
            owed[_valid_body(row.organisation, day)].append(row)
    return dict(owed)


def _is_asked(row: Responsibility, period: ReportingPeriod) -> bool:
    if row.indicator is not None:
        return row.reports_figure and is_due(row.indicator, period)
    return row.part == Part.LEAD


def is_due(indicator: Indicator, period: ReportingPeriod) -> bool:
    """Whether a cycle of the indicator's frequency ends with the period; a special round asks every indicator."""
    if period.kind == PeriodKind.SPECIAL:
        return True
    return indicator.is_counted and period.ends_on.month in LAST_MONTHS[CYCLES[Frequency(indicator.frequency)]]


def _valid_body(organisation: Organisation, day: date) -> Organisation:
    while organisation.valid_to is not None and organisation.valid_to < day and organisation.successor is not None:
        organisation = organisation.successor
    return organisation
