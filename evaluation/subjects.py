"""Rows of cases, as a trail finds and opens them."""

from audit.subjects import Subject

CASE = "evaluation:case"

SUBJECTS = (
    Subject("evaluation.Evaluation", {"plan": "plan"}, CASE, {"plan": "plan__code", "code": "code"}),
    Subject(
        "evaluation.Stage",
        {"plan": "evaluation__plan"},
        CASE,
        {"plan": "evaluation__plan__code", "code": "evaluation__code"},
        beside=(("evaluation.PassedOver", "stage_id"),),
    ),
    Subject(
        "evaluation.DecidedAssessment",
        {"plan": "evaluation__plan", "indicator": "indicator"},
        "overview:trace",
        {"plan": "evaluation__plan__code", "number": "indicator__number"},
    ),
)
