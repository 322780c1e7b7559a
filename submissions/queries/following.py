"""What an open period's forms ask, beside what they would ask by the responsibilities of today."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from indicators.models import Indicator
from organisations.models import Organisation
from plans.models import ReportingPeriod
from projects.models import MajorProject
from responsibilities.models import Responsibility
from submissions.models import CellState, Evidence, Figure, ProgressNote, State, Submission
from submissions.queries.owed import owed_by_organisation
from tasks.models import KeyTask

Subject = Indicator | KeyTask | MajorProject
Row = Figure | ProgressNote
TAKES_MORE = frozenset({State.DRAFT, State.RETURNED, State.REOPENED, State.RETIRED, State.APPROVED})


@dataclass
class Difference:
    """What changes for one organisation; without a form it gets a new one.

    ``missing`` is asked and not in the form, ``asked_again`` was retired before; ``retired`` is asked no more and was
    never answered. ``kept`` is asked no more but was answered: it stays as it is.
    """

    organisation: Organisation
    form: Submission | None = None
    missing: list[Subject] = field(default_factory=list)
    asked_again: list[Row] = field(default_factory=list)
    retired: list[Row] = field(default_factory=list)
    kept: list[Row] = field(default_factory=list)
    remaining: int = 0  # rows of the form that are owed and stay so

    @property
    def added(self) -> list[Subject]:
        return [*self.missing, *(subject_of(row) for row in self.asked_again)]

    @property
    def waits(self) -> bool:
        """Whether additions have to wait, because the form is with its head or with the working group."""
        return bool(self.added) and self.form is not None and self.form.state not in TAKES_MORE

    @property
    def changes(self) -> bool:
        """Whether following the responsibilities changes anything now."""
        return bool(self.retired) or (bool(self.added) and not self.waits)

    @property
    def retires_form(self) -> bool:
        """Whether nothing is left to ask in a form that never came in."""
        nothing_left = not self.remaining and not self.added
        return nothing_left and self.form is not None and self.form.state == State.DRAFT and self.form.round == 0

    @property
    def added_names(self) -> list[str]:
        return [str(subject) for subject in self.added]

    @property
    def retired_names(self) -> list[str]:
        return [str(subject_of(row)) for row in self.retired]

    @property
    def kept_names(self) -> list[str]:
        return [str(subject_of(row)) for row in self.kept]


def subject_of(row: Row) -> Subject:
    subject = row.indicator if isinstance(row, Figure) else row.task or row.project
    assert subject is not None  # sections of the self-report are no responsibility
    return subject


def differences(period: ReportingPeriod, day: date) -> list[Difference]:
    """Return the organisations whose forms differ from the responsibilities of a day, in the organisations' order."""
    asked = {body: _subjects(rows) for body, rows in owed_by_organisation(period, day).items()}
    forms = {form.organisation: form for form in _forms(period)}
    rows = _rows_by_form(period)
    answered = _with_evidence(period)
    found = []
    for body in sorted({*asked, *forms}, key=lambda each: (each.position, each.code)):
        form = forms.get(body)
        held = rows.get(form.pk, {}) if form is not None else {}
        each = _compared(Difference(body, form), asked.get(body, {}), held, answered)
        if each.added or each.retired or each.kept:
            found.append(each)
    return found


def _compared(
    found: Difference, asked: dict[tuple[str, int], Subject], held: dict[tuple[str, int], Row], evident: set[Row]
) -> Difference:
    for key, subject in asked.items():
        if key not in held:
            found.missing.append(subject)
        elif not held[key].is_owed:
            found.asked_again.append(held[key])
    for key, row in held.items():
        if not row.is_owed:
            continue
        if key in asked:
            found.remaining += 1
        elif _was_never_answered(row) and row not in evident:
            found.retired.append(row)
        else:
            found.kept.append(row)
            found.remaining += 1
    return found


def _was_never_answered(row: Row) -> bool:
    if isinstance(row, Figure):
        return row.revision == 0 and row.state == CellState.TO_FILL
    return row.revision == 0 and row.is_editable and row.submission.is_editable


def _subjects(rows: Iterable[Responsibility]) -> dict[tuple[str, int], Subject]:
    subjects = (row.subject for row in rows)
    return {_key(subject): subject for subject in subjects}


def _key(subject: Subject) -> tuple[str, int]:
    return subject._meta.label, subject.pk


def _forms(period: ReportingPeriod) -> QuerySet[Submission]:
    return Submission.objects.filter(period=period).select_related("organisation", "period__plan")


def _rows_by_form(period: ReportingPeriod) -> dict[int, dict[tuple[str, int], Row]]:
    found: dict[int, dict[tuple[str, int], Row]] = {}
    figures = Figure.objects.filter(period=period).select_related("indicator", "submission")
    notes = ProgressNote.objects.filter(submission__period=period, section=None)
    rows: list[Row] = [*figures.order_by("indicator__number")]
    rows += notes.select_related("task__chapter", "project", "submission__period").order_by("task", "project")
    for row in rows:
        found.setdefault(row.submission_id, {})[_key(subject_of(row))] = row
    return found


def _with_evidence(period: ReportingPeriod) -> set[Row]:
    found: set[Row] = set()
    figures = Evidence.objects.filter(figure__period=period).select_related("figure")
    notes = Evidence.objects.filter(note__submission__period=period).select_related("note")
    found |= {each.figure for each in figures if each.figure is not None}
    return found | {each.note for each in notes if each.note is not None}
