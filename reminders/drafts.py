"""A notice before it is written, and whom it may go to."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse

from audit.models import Entry
from organisations.models import Role, User
from plans.models import Plan
from submissions.models import Submission


@dataclass(frozen=True)
class Draft:
    """A notice that is due: to whom, by which rule, on which occasion, and its words."""

    rule: str
    recipient: User
    plan: Plan
    subject: str
    text: str
    link: str
    submission: Submission | None = None
    due_on: date | None = None
    step: int | None = None
    entry: Entry | None = None


def people_by_organisation(role: Role, on: date) -> dict[int, list[User]]:
    """Return those who hold a role and haven't left by a day, by the key of their organisation."""
    found: dict[int, list[User]] = {}
    holders = User.objects.filter(is_active=True, grants__role=role, grants__withdrawn_at=None)
    staying = holders.filter(Q(left_on=None) | Q(left_on__gt=on))
    for user in staying.select_related("organisation").order_by("username"):
        found.setdefault(user.organisation_id, []).append(user)
    return found


def day_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def link_to(submission: Submission, name: str = "form") -> str:
    """Where one of a form's pages stands."""
    parts = {
        "plan": submission.period.plan.code,
        "period": submission.period.code,
        "organisation": submission.organisation.code,
    }
    return reverse(f"submissions:{name}", kwargs=parts)
