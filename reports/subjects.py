"""Rows of reports, as a trail finds and opens them."""

from audit.subjects import Subject

SUBJECTS = (
    Subject(
        "reports.Section",
        {"plan": "evaluation__plan"},
        "reports:report",
        {"plan": "evaluation__plan__code", "code": "evaluation__code"},
    ),
    Subject(
        "reports.Quotation",
        {"plan": "section__evaluation__plan", "organisation": "note__submission__organisation"},
        "reports:report",
        {"plan": "section__evaluation__plan__code", "code": "section__evaluation__code"},
    ),
)
