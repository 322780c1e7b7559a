"""What the working group proposed, on the form of the organisation that decides."""

from typing import Any

from django import template

from submissions.models import Submission
from submissions.queries.proposals import waiting_in

register = template.Library()


@register.inclusion_tag("submissions/form_proposals.html", takes_context=True)
def proposed_values(context: Any, submission: Submission) -> dict[str, Any]:
    """The values of the consolidated workbook that wait for a decision, with what stands in the form."""
    found = waiting_in(submission)
    blank = [each for each in found if each.is_blank]
    return {"form": submission, "waiting": found, "blank": blank, "csrf_token": context.get("csrf_token")}
