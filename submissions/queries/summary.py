"""The published values of a plan as a summary takes them: the lead's, of one period or the latest; four queries."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from arithmetic.as_of import AsOf, Precision
from arithmetic.shown import as_of_in_words
from audit.clock import today
from indicators.models import Indicator
from organisations.models import valid_on
from plans.models import Plan, ReportingPeriod
from responsibilities.models import Part, Responsibility
from submissions.models import PublishedValue


class Known:
    """What is published of a plan's indicators. ``period`` None: whatever is the latest."""

    def __init__(self, plan: Plan, period: ReportingPeriod | None = None) -> None:
        self.period = period
        day = min(today(), period.ends_on) if period is not None else today()
        self.year = day.year
        self.indicators = list(
            Indicator.objects.filter(plan=plan).prefetch_related("annual_targets").order_by("number")
        )
        leads = Responsibility.objects.filter(valid_on(day), plan=plan, indicator__isnull=False, part=Part.LEAD)
        self._leads: dict[int, list[Responsibility]] = defaultdict(list)
        for row in leads.select_related("organisation").order_by("organisation__position"):
            self._leads[row.indicator_id or 0].append(row)
        values = PublishedValue.objects.filter(indicator__plan=plan, withdrawn_at=None)
        if period is not None:
            values = values.filter(period=period)
        self._values: dict[int, dict[str, PublishedValue]] = defaultdict(dict)
        for value in sorted(values.select_related("period", "organisation", "indicator"), key=_order):
            self._values[value.indicator_id][value.organisation.code] = value  # the last one counts

    def lead_of(self, indicator: Indicator) -> str:
        return "、".join(row.organisation.name for row in self._leads[indicator.pk])

    def value_of(self, indicator: Indicator, organisation: str = "") -> PublishedValue | None:
        """An organisation's value; with no organisation named the lead's, or the only one there is."""
        values = self._values[indicator.pk]
        if organisation:
            return values.get(organisation)
        told = [values[row.organisation.code] for row in self._leads[indicator.pk] if row.organisation.code in values]
        told = told or (list(values.values()) if len(values) == 1 and not self._leads[indicator.pk] else [])
        return told[0] if len(told) == 1 else None

    def why_missing(self, indicator: Indicator, organisation: str = "") -> str:
        when = f"{self.period.name}" if self.period is not None else ""
        if not organisation and len(self._values[indicator.pk]) > 1 and self.value_of(indicator) is None:
            return f"{when}有几个单位的已发布值，请选定单位"
        return f"{when}没有已发布值"

    def year_target(self, indicator: Indicator) -> Decimal | None:
        return next((each.value for each in indicator.annual_targets.all() if each.year == self.year), None)

    def end_of(self, published: PublishedValue) -> str:
        """The as-of date of a value that was given none: its period's end."""
        return as_of_in_words(AsOf(published.period.ends_on, Precision.DAY))


def _order(value: PublishedValue) -> tuple[date, int]:
    return value.as_of or value.period.ends_on, value.sequence
