"""Who reviews what, as the ordinary verb divides it."""

from organisations.models import Organisation, User
from plans.models import Plan
from submissions.actions import assign_reviews
from submissions.models import Assignment
from tests.factories.organisations import reviewer


def assigned(to: User, *bodies: Organisation, of: Plan, **fields: object) -> list[Assignment]:
    return assign_reviews(of, by=reviewer(), to=to, organisations=bodies, **fields)
