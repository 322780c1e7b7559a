"""What is collected: forms, figures, published values, progress notes, reviews."""

from submissions.models.figure import Answer, CellState, Evidence, Figure, PublishedValue, ValueStage
from submissions.models.note import ProgressNote, ProgressState
from submissions.models.review import Decision, Remark, Review
from submissions.models.submission import Correction, CorrectionState, State, Submission

__all__ = [
    "Answer",
    "CellState",
    "Correction",
    "CorrectionState",
    "Decision",
    "Evidence",
    "Figure",
    "ProgressNote",
    "ProgressState",
    "PublishedValue",
    "Remark",
    "Review",
    "State",
    "Submission",
    "ValueStage",
]
