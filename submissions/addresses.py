"""Where a form's pages stand."""

from django.urls import reverse

from submissions.models import Submission


def address(submission: Submission, name: str) -> str:
    """Return one of the form's addresses by its URL name; reads the period, its plan and the organisation."""
    period = submission.period
    parts = {"plan": period.plan.code, "period": period.code, "organisation": submission.organisation.code}
    return reverse(f"submissions:{name}", kwargs=parts)
