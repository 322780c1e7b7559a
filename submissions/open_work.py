"""A leaver's open forms go to a colleague (工作交接)."""

from collections.abc import Sequence

from audit.recording import record
from organisations.models import User
from organisations.open_work import OpenWork
from submissions.models import Submission
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


OPEN_FORMS = OpenWork("forms", "填报表", open_forms_of, str, hand_over)
