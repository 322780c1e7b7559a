"""The published series is true throughout: what the checks ask about it nevertheless is a false alarm, and named here."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from indicators.models import DocumentedValue, Indicator
from organisations.models import Organisation
from plans.models import PeriodKind, Plan, ReportingPeriod
from submissions.checks import Finding, findings_of
from submissions.models import Figure
from tests.factories.organisations import organisation
from tests.factories.plans import period
from tests.factories.submissions import published

Found = list[tuple[str, int, str]]
FALSE_ALARMS = [
    # +1.7 % at comparable prices, −1.6 % by the values: prices, scope and revised bases
    ("2022", 2, "growth_against_values"),
    # 1298 enterprises where the plan aimed at 160: the scope grew
    ("mid-term", 16, "far_beyond_target"),
]
HINTS = [
    # they lag indeed, and the report gives no words of their own beside them
    ("mid-term", 1, "lagging_unexplained"),
    ("mid-term", 2, "lagging_unexplained"),
    ("mid-term", 8, "lagging_unexplained"),
    ("mid-term", 15, "lagging_unexplained"),
]


@pytest.fixture(scope="module")
def found(published_plan: Plan, django_db_blocker: DjangoDbBlocker) -> Iterator[list[tuple[str, Finding]]]:
    """Every finding in the values of the report: year by year, and at the mid-term."""
    with django_db_blocker.unblock(), transaction.atomic():
        by, periods = organisation(), _periods(published_plan)
        figures = [_figure(row, periods, by) for row in _documented(published_plan)]
        for figure in figures:
            if figure.period.kind == PeriodKind.YEAR and figure.value is not None:
                told = {"by": by, "of": figure.period, "reported_growth": figure.reported_growth}
                published(figure.indicator, str(figure.value), as_of=figure.period.ends_on, **told)
        yield [(each.figure.period.code, each) for each in findings_of(figures) if each.figure is not None]
        transaction.set_rollback(True)


def _documented(plan: Plan) -> list[DocumentedValue]:
    rows = DocumentedValue.objects.filter(indicator__plan=plan, value__isnull=False).select_related("indicator__plan")
    return [row for row in rows.order_by("year", "indicator__number") if row.year > plan.base_year]


def _periods(plan: Plan) -> dict[str, ReportingPeriod]:
    years = [
        period(of=plan, code=str(year), kind=PeriodKind.YEAR, ends_on=date(year, 12, 31))
        for year in (2021, 2022, 2023)
    ]
    first = date(plan.first_year, 1, 1)
    return {
        each.code: each
        for each in [*years, period(of=plan, code="mid-term", starts_on=first, ends_on=date(2023, 6, 30))]
    }


def _figure(row: DocumentedValue, periods: dict[str, ReportingPeriod], by: Organisation) -> Figure:
    code = "mid-term" if row.occasion == DocumentedValue.Occasion.MID_TERM else str(row.year)
    return Figure(
        indicator=row.indicator,
        organisation=by,
        period=periods[code],
        answer="value",
        value=row.value,
        parts=row.parts,
        as_of=row.as_of,
        as_of_precision=row.as_of_precision or "day",
        reported_growth=row.reported_growth,
        explanation=row.explanation,
    )


def told(found: list[tuple[str, Finding]], *, asks: bool) -> Found:
    return [
        (code, each.figure.indicator.number, each.kind) for code, each in found if each.asks is asks and each.figure
    ]


def test_all_true_data_gives_two_false_alarms(found: list[tuple[str, Finding]]) -> None:
    assert told(found, asks=True) == FALSE_ALARMS


def test_what_is_only_shown_is_true(found: list[tuple[str, Finding]]) -> None:
    assert told(found, asks=False) == HINTS


def test_a_slip_of_the_unit_in_it_is_found(published_plan: Plan, found: list[tuple[str, Finding]]) -> None:
    output = Indicator.objects.get(plan=published_plan, number=1)
    of, by = ReportingPeriod.objects.get(plan=published_plan, code="2022"), Organisation.objects.order_by("-pk")[0]
    slipped = Figure(indicator=output, organisation=by, period=of, answer="value", value=Decimal(97414300))
    assert [each.kind for each in findings_of([slipped])] == ["unit_slip"]
