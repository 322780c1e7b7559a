"""The form that an address names, for a person who may see it; to others it isn't there."""

from collections.abc import Callable
from datetime import date, datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from audit.security import note
from organisations.models import User
from plans.calendar import end_of_day
from plans.models import Plan
from submissions.addresses import address
from submissions.models import Submission
from submissions.states import State


def form_or_404(plan: Plan, period: str, organisation: str, user: User, *, paper: bool = False) -> Submission:
    """Return the form with its period, plan and organisation, how much it asks for (``with_progress``), its levels, and
    where ``paper`` is asked for how it stands with that."""
    forms = (
        Submission.objects.for_user(user)
        .with_progress()
        .with_proposals()
        .with_levels()
        .select_related("period__plan", "organisation", "submitted_by", "confirmed_by", "decided_by", "reporter")
    )
    forms = forms.with_paper() if paper else forms
    return get_object_or_404(forms, period__plan=plan, period__code=period, organisation__code=organisation)


def note_view(user: User, submission: Submission) -> None:
    """Record that somebody of outside looks at a form that isn't published; one's own organisation's is one's work."""
    if submission.state != State.APPROVED and submission.organisation_id != user.organisation_id:
        note("data.view", by=user, about=str(submission), detail={"words": submission.get_state_display()})


def told(request: HttpRequest, verb: Callable[[], object], done: str) -> bool:
    """Run one verb; leave its refusal, or what was done, as a message. Tells whether it was done."""
    try:
        verb()
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
        return False
    messages.success(request, done)
    return True


def day_in(typed: str) -> datetime | None:
    """The end of the day that was typed; None for nothing, or for what is no day: the verb then has its own."""
    try:
        return end_of_day(date.fromisoformat(typed))
    except ValueError:
        return None


def back_to_form(submission: Submission) -> HttpResponse:
    return redirect(address(submission, "form"))
