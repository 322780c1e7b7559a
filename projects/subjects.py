"""Rows of projects, as a trail finds them."""

from audit.subjects import Subject

SUBJECTS = (
    Subject("projects.MajorProject", {"plan": "plan"}),
    Subject("projects.Milestone", {"plan": "project__plan"}),
)
