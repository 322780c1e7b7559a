"""Forms and published values, as rows: for rooms that only read them."""

import itertools
from datetime import date
from decimal import Decimal

from audit.clock import now
from audit.recording import record, recorded
from indicators.models import Indicator
from organisations.models import Organisation
from plans.models import ReportingPeriod
from submissions.models import Answer, Decision, Figure, PublishedValue, Review, State, Submission
from tests.factories.organisations import organisation, reviewer
from tests.factories.plans import period

_numbers = itertools.count(1)


def form(*, of: ReportingPeriod, by: Organisation | None = None, **fields: object) -> Submission:
    by = by or organisation()
    given = {"organisation_name": by.name, "deadline": of.deadline, "submitted_at": now()} | fields
    with recorded(by=None, reason="测试"):
        return Submission.objects.create(period=of, organisation=by, **given)


def published(
    indicator: Indicator,
    value: str | None,
    *,
    as_of: date | None = date(2018, 6, 30),
    by: Organisation | None = None,
    of: ReportingPeriod | None = None,
    sequence: int = 1,
    **fields: object,
) -> PublishedValue:
    """A published value with the form, figure and review that it stands on; the same figure for the same period."""
    lead = indicator.responsibilities.filter(part="lead").first()
    by = by or (lead.organisation if lead else organisation())
    of = of or period(of=indicator.plan, ends_on=as_of or date(2018, 6, 30))
    answer = Answer.NO_DATA if value is None else Answer.VALUE
    reading = {"answer": answer, "value": None if value is None else Decimal(value), "as_of": as_of}
    reading |= {"no_data_reason": "没有数据"} if value is None else {}
    with recorded(by=None, reason="测试"):
        found = Submission.objects.filter(period=of, organisation=by).first()
        found = found or form(of=of, by=by, state=State.APPROVED)
        figure, _ = Figure.objects.get_or_create(
            submission=found, indicator=indicator, organisation=by, period=of, defaults=reading
        )
        entry = record("submission.approve", found)
        review = Review.objects.create(
            submission=found, round=1, decision=Decision.APPROVED, by=reviewer(), at=now(), entry=entry
        )
        return PublishedValue.objects.create(
            figure=figure,
            indicator=indicator,
            organisation=by,
            period=of,
            review=review,
            sequence=sequence,
            published_at=now(),
            **(reading | fields),
        )
