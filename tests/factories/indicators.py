"""Categories and indicators."""

import itertools
from decimal import Decimal

from audit.recording import recorded
from indicators.models import Indicator, IndicatorCategory
from organisations.models import Organisation
from plans.models import Plan
from responsibilities.models import Part, Responsibility
from tests.factories.plans import plan

_numbers = itertools.count(1)


def indicator(*, of: Plan | None = None, lead: Organisation | None = None, **fields: object) -> Indicator:
    """An indicator of a category of its plan, from 0 to 100 unless told otherwise; with a lead if one is named."""
    number = next(_numbers)
    of = of or plan()
    given = {"number": number, "name": f"指标{number}", "base": Decimal(0), "target": Decimal(100)} | fields
    with recorded(by=None, reason="测试"):
        if not {"category", "task", "project"} & given.keys():
            given["category"], _ = IndicatorCategory.objects.get_or_create(
                plan=of, number=1, defaults={"title": "类别"}
            )
        row = Indicator.objects.create(plan=of, **given)
        if lead is not None:
            Responsibility.objects.create(
                plan=of, organisation=lead, part=Part.LEAD, indicator=row, reports_figure=True
            )
    return row
