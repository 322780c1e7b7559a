"""Plans and their reporting periods."""

import itertools
from datetime import date

from audit.clock import now
from audit.recording import recorded
from plans.calendar import end_of_day
from plans.models import PeriodKind, PeriodState, Plan, ReportingPeriod
from tests.factories.moves import walked

_numbers = itertools.count(1)


def plan(**fields: object) -> Plan:
    number = next(_numbers)
    given = {
        "code": f"plan-{number}",
        "name": f"规划{number}",
        "base_year": 2015,
        "first_year": 2016,
        "last_year": 2020,
    }
    with recorded(by=None, reason="测试"):
        return Plan.objects.create(**(given | fields))


def period(*, of: Plan | None = None, ends_on: date = date(2018, 6, 30), **fields: object) -> ReportingPeriod:
    """An open special round, due ten days after its end."""
    number = next(_numbers)
    given = {
        "code": f"period-{number}",
        "name": f"报告期{number}",
        "kind": PeriodKind.SPECIAL,
        "starts_on": ends_on.replace(month=1, day=1),
        "ends_on": ends_on,
        "opens_on": ends_on,
        "deadline": end_of_day(ends_on),
    }
    state = fields.pop("state", PeriodState.OPEN)
    with recorded(by=None, reason="测试"):
        row = ReportingPeriod.objects.create(plan=of or plan(), **(given | fields))
    stamps = {"closed_at": now()} if state == PeriodState.CLOSED else {}
    return walked(row, state, **stamps)
