"""Forms as the desks tell of them: how much is filled in, why they came back, what is odd."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from submissions.checks import Finding, oddities_among
from submissions.models import Answer, CellState, Figure, ProgressNote, Remark, State, Submission
from submissions.queries.forms import BLANK_NOTE
from submissions.queries.previous import figures_of


@dataclass(frozen=True)
class Filled:
    """How many of a form's cells and notes are owed, and how many of them still lack an answer."""

    owed: int
    blank: int
    returned: int
    saved_at: datetime | None = None

    @property
    def done(self) -> int:
        return self.owed - self.blank


@dataclass(frozen=True)
class Returned:
    """A figure that came back, with what was reported and every reason."""

    name: str
    reported: str
    reasons: tuple[str, ...]


def filled_in(forms: Sequence[Submission]) -> dict[int, Filled]:
    """Count the answers of several forms at once, in two queries."""
    keys = [form.pk for form in forms]
    owed = Count("pk", filter=Q(is_owed=True))
    cells = Figure.objects.filter(submission__in=keys).order_by().values("submission")
    cells = cells.annotate(
        owed=owed,
        blank=Count("pk", filter=Q(is_owed=True, answer=Answer.BLANK)),
        returned=Count("pk", filter=Q(is_owed=True, state=CellState.RETURNED)),
        last=Max("saved_at"),
    )
    notes = ProgressNote.objects.filter(submission__in=keys, is_owed=True).order_by().values("submission")
    notes = notes.annotate(owed=Count("pk"), blank=Count("pk", filter=BLANK_NOTE), last=Max("saved_at"))
    by_cells = {row["submission"]: dict[str, Any](row) for row in cells}
    by_notes = {row["submission"]: dict[str, Any](row) for row in notes}
    nothing: dict[str, Any] = {"owed": 0, "blank": 0, "returned": 0, "last": None}
    found = {}
    for key in keys:
        cell, note = by_cells.get(key, nothing), by_notes.get(key, nothing)
        moments = [row["last"] for row in (cell, note) if row["last"] is not None]
        found[key] = Filled(
            cell["owed"] + note["owed"], cell["blank"] + note["blank"], cell["returned"], max(moments, default=None)
        )
    return found


def why_returned(forms: Sequence[Submission]) -> dict[int, list[Returned]]:
    """Return by form the figures and notes that are returned now, with the reasons of their last return."""
    figures = Q(figure__submission__in=forms, figure__state=CellState.RETURNED)
    notes = Q(note__submission__in=forms, note__is_sent=False, note__is_published=False, note__is_owed=True)
    rows = Remark.objects.filter(figures | notes & Q(note__submission__state=State.RETURNED))
    rows = rows.select_related("figure__indicator", "note__task", "note__project", "note__section", "review")
    last: dict[Figure | ProgressNote, list[Remark]] = {}
    for remark in rows.order_by("figure__indicator__number", "review__at", "id"):
        known = [each for each in last.get(remark.subject, []) if each.review_id == remark.review_id]
        last[remark.subject] = [*known, remark]
    found: dict[int, list[Returned]] = defaultdict(list)
    for subject, remarks in last.items():
        reasons = tuple(remark.text for remark in remarks)
        found[subject.submission_id].append(Returned(remarks[0].subject_name, remarks[0].reported, reasons))
    return found


def oddities_of(forms: Sequence[Submission]) -> dict[int, list[Finding]]:
    """What asks for a look in several forms at once, by form; the queries don't grow with them."""
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in oddities_among(figures_of(*forms)):
        if finding.asks and finding.figure is not None:
            found[finding.figure.submission_id].append(finding)
    return found
