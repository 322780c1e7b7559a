"""Rows of responsibilities, as a trail finds them."""

from audit.subjects import Subject

SUBJECTS = (
    Subject(
        "responsibilities.Responsibility",
        {"plan": "plan", "indicator": "indicator", "organisation": "organisation"},
    ),
)
