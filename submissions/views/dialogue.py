"""Everything that was asked and answered about a form."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from plans.pages import PlanRequest, plan_page
from submissions.queries.dialogue import dialogues
from submissions.queries.review import reviews_of
from submissions.views.addressed import form_or_404, note_view


@require_safe
@plan_page
def dialogue(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """What was said at each cell and note, in order, for whoever may read the form."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    note_view(request.user, submission)
    page = {
        "plan": request.plan,
        "form": submission,
        "dialogues": list(dialogues(submission).values()),
        "reviews": [review for review in reviews_of(submission) if review.comment],
        "reads_as_reporter": request.user.organisation_id == submission.organisation_id,
    }
    return render(request, "submissions/dialogue.html", page)
