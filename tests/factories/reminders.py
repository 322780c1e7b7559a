"""Forms that are due on a day, with somebody to remind."""

from datetime import date

from plans.calendar import end_of_day
from submissions.models import Submission
from tests.factories.organisations import reporter
from tests.factories.plans import period, plan
from tests.factories.submissions import form

FRIDAY = date(2026, 10, 23)  # a plain week without holidays


def due(on: date = FRIDAY, *, mail: str = "", state: str = "draft", **fields: object) -> Submission:
    """A form of an open period, due at the end of a day, whose organisation has one reporter (with a mail address)."""
    by = reporter(email=mail)
    of = period(of=plan(), deadline=end_of_day(on), name="三季度")
    return form(of=of, by=by.organisation, state=state, reporter=by, **fields)
