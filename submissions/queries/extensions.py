"""Requests for a later deadline."""

from submissions.models import Extension, ExtensionState, Submission


def extensions_of(submission: Submission) -> list[Extension]:
    """Return the form's requests, newest first."""
    rows = Extension.objects.filter(submission=submission).select_related("asked_by", "decided_by")
    return list(rows.order_by("-asked_at", "-id"))


def extensions_asked(plan: int, period: int | None = None) -> list[Extension]:
    """Return the requests that wait for an answer, oldest first; those of forms that came in meanwhile wait no more."""
    asked = Extension.objects.filter(submission__period__plan=plan, state=ExtensionState.ASKED, submission__round=0)
    if period is not None:
        asked = asked.filter(submission__period=period)
    related = ("submission__organisation", "submission__period__plan", "asked_by")
    return list(asked.select_related(*related).order_by("asked_at", "id"))
