"""Forms as the desks tell of them: how much is filled in, why they came back, what is odd."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, prefetch_related_objects

from submissions.checks import Finding
from submissions.checks.compared import CHECKS, Compared
from submissions.models import Answer, CellState, Figure, ProgressNote, PublishedValue, Remark, State, Submission


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
    notes = notes.annotate(
        owed=Count("pk"), blank=Count("pk", filter=Q(state="") | Q(progress="")), last=Max("saved_at")
    )
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
    rows = rows.select_related("figure__indicator", "note__task", "note__project", "review")
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
    """The findings of ``submissions.checks.oddities_in`` for several forms at once: four queries, however many."""
    figures = Figure.objects.filter(submission__in=forms, is_owed=True, value__isnull=False)
    cells = list(figures.select_related("indicator__plan", "period").order_by("indicator__number"))
    prefetch_related_objects(cells, "indicator__parts")
    known = PublishedValue.objects.filter(
        indicator__in={cell.indicator_id for cell in cells},
        organisation__in={cell.organisation_id for cell in cells},
        withdrawn_at=None,
        value__isnull=False,
    )
    values: dict[tuple[int, int], list[PublishedValue]] = defaultdict(list)
    for value in known.select_related("period").order_by("period__ends_on", "published_at", "sequence"):
        values[value.indicator_id, value.organisation_id].append(value)
    found: dict[int, list[Finding]] = defaultdict(list)
    for cell in cells:
        found[cell.submission_id] += _odd(cell, values[cell.indicator_id, cell.organisation_id])
    return found


def _odd(figure: Figure, values: Iterable[PublishedValue]) -> list[Finding]:
    assert figure.value is not None
    ends_on = figure.period.ends_on
    before, last_year = None, None
    for value in values:
        day = value.period.ends_on
        if day < ends_on:
            before = value
        if (day.year, day.month) == (ends_on.year - 1, ends_on.month):
            last_year = value
    reported: Decimal | None = figure.last_year_value
    if reported is None and last_year is not None:
        reported = last_year.value
    compared = Compared(figure, figure.value, before, reported)
    told = [(check.__name__, check(compared)) for check in CHECKS]
    return [Finding(name, found[0], found[1], figure=figure) for name, found in told if found is not None]
