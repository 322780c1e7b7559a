"""Values that wait beside a form: what the working group proposed, and what its organisation asked to correct to."""

from typing import Any

from django import template

from submissions.models import Correction, Figure, Submission
from submissions.queries.proposals import waiting_in
from submissions.queries.requested import to_take_in

register = template.Library()


@register.inclusion_tag("submissions/form_proposals.html", takes_context=True)
def proposed_values(context: Any, submission: Submission) -> dict[str, Any]:
    """The values of the consolidated workbook that wait for a decision, with what stands in the form."""
    found = waiting_in(submission) if getattr(submission, "has_proposals", True) else []
    blank = [each for each in found if each.is_blank]
    requested = to_take_in(submission)
    page = {"waiting": found, "blank": blank, "requested": requested}
    return page | {"form": submission, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("submissions/review_requested.html")
def requested_value(correction: Correction | None, figure: Figure) -> dict[str, Any]:
    """What the request named as the figure's new value, beside what was handed in; empty where it named none."""
    found = (
        next((each for each in correction.values.all() if each.figure_id == figure.pk), None) if correction else None
    )
    return {"value": found, "differs": found is not None and not found.agrees_with(figure)}
