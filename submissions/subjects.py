"""Rows of submissions, as a trail finds and opens them."""

from collections.abc import Sequence

from django.db.models import Q

from audit.subjects import Subject
from submissions.models import Figure

FORM = "submissions:form"


def _asked_for(indicators: Sequence[int]) -> Q:
    """The corrections that ask for a figure of one of the indicators."""
    condition = Q(pk__in=[])
    for figure in Figure.objects.filter(indicator__in=indicators, submission__corrections__isnull=False).distinct():
        condition |= Q(submission=figure.submission_id, figures__contains=[figure.pk])
    return condition


def _of(path: str) -> dict[str, str]:
    """The parts of a form's address, from a row that has the form at ``path``."""
    return {
        "plan": f"{path}period__plan__code",
        "period": f"{path}period__code",
        "organisation": f"{path}organisation__code",
    }


SUBJECTS = (
    Subject(
        "submissions.Submission",
        {"plan": "period__plan", "period": "period", "organisation": "organisation"},
        FORM,
        _of(""),
        beside=(("submissions.Review", "submission_id"),),
    ),
    Subject(
        "submissions.Figure",
        {"plan": "period__plan", "indicator": "indicator", "organisation": "organisation", "period": "period"},
        "overview:trace",
        {"plan": "period__plan__code", "number": "indicator__number"},
        {"organisation": "organisation__code"},
        beside=(("submissions.PublishedValue", "figure_id"), ("submissions.Remark", "figure_id")),
    ),
    Subject(
        "submissions.ProgressNote",
        {
            "plan": "submission__period__plan",
            "organisation": "submission__organisation",
            "period": "submission__period",
        },
        FORM,
        _of("submission__"),
        beside=(("submissions.Remark", "note_id"),),
    ),
    Subject(
        "submissions.SelfReportSection", {"plan": "plan"}, "submissions:self_report_outline", {"plan": "plan__code"}
    ),
    Subject(
        "submissions.Evidence",
        {
            "plan": "figure__period__plan",
            "indicator": "figure__indicator",
            "organisation": "figure__organisation",
            "period": "figure__period",
        },
        "submissions:evidence",
        _of("figure__submission__") | {"pk": "pk"},
    ),
    Subject(
        "submissions.ProposedValue",
        {
            "plan": "figure__period__plan",
            "indicator": "figure__indicator",
            "organisation": "figure__organisation",
            "period": "figure__period",
        },
        FORM,
        _of("figure__submission__"),
    ),
    Subject(
        "submissions.RequestedValue",
        {
            "plan": "figure__period__plan",
            "indicator": "figure__indicator",
            "organisation": "figure__organisation",
            "period": "figure__period",
        },
        FORM,
        _of("figure__submission__"),
    ),
    Subject(
        "submissions.Correction",
        {
            "plan": "submission__period__plan",
            "indicator": _asked_for,
            "organisation": "submission__organisation",
            "period": "submission__period",
        },
        FORM,
        _of("submission__"),
    ),
    Subject(
        "submissions.StampedScan",
        {
            "plan": "submission__period__plan",
            "organisation": "submission__organisation",
            "period": "submission__period",
        },
        "submissions:stamped_scan",
        _of("submission__") | {"pk": "pk"},
    ),
    Subject(
        "submissions.LevelSetting",
        {"plan": "plan", "organisation": "organisation"},
        "submissions:levels",
        {"plan": "plan__code"},
    ),
    Subject(
        "submissions.SummaryTemplate",
        {"plan": "plan"},
        "submissions:summary",
        {"plan": "plan__code", "pk": "pk"},
    ),
    Subject(
        "submissions.CheckSetting",
        {"plan": "plan", "indicator": "indicator"},
        "submissions:tune_check",
        {"plan": "plan__code", "rule": "rule"},
    ),
)
