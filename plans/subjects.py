"""Rows of plans, as a trail finds and opens them."""

from audit.subjects import Subject

SUBJECTS = (
    Subject("plans.Plan", {"plan": "pk"}, "overview:overview", {"plan": "code"}),
    Subject("plans.ReportingPeriod", {"plan": "plan", "period": "pk"}, "submissions:periods", {"plan": "plan__code"}),
)
