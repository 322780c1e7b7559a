"""Rows of reports, as a trail finds and opens them."""

from audit.subjects import Subject

SUBJECTS = (
    Subject(
        "reports.Section",
        {"plan": "evaluation__plan"},
        "reports:report",
        {"plan": "evaluation__plan__code", "code": "evaluation__code"},
    ),
)
