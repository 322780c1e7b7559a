"""Rows of tasks, as a trail finds them."""

from audit.subjects import Subject

SUBJECTS = (
    Subject("tasks.TaskChapter", {"plan": "plan"}),
    Subject("tasks.KeyTask", {"plan": "chapter__plan"}),
)
