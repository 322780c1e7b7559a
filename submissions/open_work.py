"""A leaver's open forms go to a colleague (工作交接)."""

from collections.abc import Sequence

from audit.recording import record
from organisations.models import Role, User
from organisations.open_work import OpenWork
from submissions.actions.assignments import give
from submissions.models import Assignment, Submission
from submissions.states import State

CLOSED = (State.APPROVED, State.RETIRED)


def open_forms_of(person: User) -> list[Submission]:
    """The forms that the person handles and that aren't approved yet."""
    forms = Submission.objects.filter(reporter=person).exclude(state__in=CLOSED)
    return list(forms.select_related("period").order_by("deadline", "id"))


def hand_over(forms: Sequence[Submission], from_user: User, to_user: User) -> list[Submission]:
    """Give each form to a colleague, unless it was approved, or given to somebody else, while one asked for it."""
    given = []
    for form in forms:
        locked = Submission.objects.locked(form.pk)
        if locked.reporter_id != from_user.pk or locked.state in CLOSED:
            continue
        locked.reporter = to_user
        locked.save(update_fields=["reporter"])
        record("submission.hand_over", locked, from_name=from_user.name, to_name=to_user.name)
        given.append(locked)
    return given


def reviews_of(person: User) -> list[Assignment]:
    """What the person reviews, in every plan."""
    rows = Assignment.objects.filter(reviewer=person, ended_at=None)
    return list(rows.select_related("plan", "organisation", "indicator", "reviewer"))


def hand_over_reviewing(rows: Sequence[Assignment], from_user: User, to_user: User) -> list[Assignment]:
    """Only to somebody who reviews; what can't be given stays, and is left to the working group."""
    if not to_user.has_role(Role.REVIEWER):
        return []
    plans = {row.plan for row in rows}
    return [row for plan in plans for row in give(plan, from_user, to_user, from_user)]


OPEN_FORMS = OpenWork("forms", "填报表", open_forms_of, str, hand_over)
REVIEWS = OpenWork("reviews", "审核分工", reviews_of, str, hand_over_reviewing)
