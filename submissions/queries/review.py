"""What a reviewer sees of one form, sorted by what asks for attention."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet

from arithmetic.growth import nominal_growth
from arithmetic.shown import growth, signed_on_screen
from audit.clock import now
from indicators.models import QuantityKind
from plans.models import Plan
from submissions.beside import Beside, beside
from submissions.checks import Finding, Surroundings, findings_of
from submissions.models import (
    ON_ITS_WAY,
    Correction,
    Decision,
    Evidence,
    Figure,
    ProgressNote,
    PublishedValue,
    Remark,
    Review,
    Submission,
)
from submissions.queries.changes import figures_before, note_differs, notes_before
from submissions.queries.dialogue import Said, dialogues, turns_by_figure, turns_by_note
from submissions.queries.previous import Before, figures_of, last_note_remarks, last_remarks
from submissions.queries.requested import with_request
from submissions.sparkline import Line, line_through
from submissions.states import EDITABLE, CellState, CorrectionState

LARGE_SHARE = 3  # a movement is large from a third of the value before on
LARGE_POINTS = 10  # percentage points


@dataclass(frozen=True)
class Row:
    """One figure of a form under review."""

    figure: Figure
    before: Figure | None = None
    last: PublishedValue | None = None
    remarks: list[Remark] = field(default_factory=list)
    oddities: list[Finding] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    turns: list[Said] = field(default_factory=list)
    """What was asked and answered at the cell, in order."""
    line: Line | None = None
    """The organisation's own values so far, this one last; None where there are fewer than two."""

    @property
    def is_large(self) -> bool:
        """Whether it moved far from the last value that it may be compared with: by a third, a ratio by ten points.

        What grows with the months of a year is measured against what the earlier months let expect.
        """
        before, value = self.expected, self.figure.value
        if before is None or value is None:
            return False
        if self.figure.indicator.kind in (QuantityKind.RATIO, QuantityKind.GROWTH):
            return abs(value - before) >= LARGE_POINTS
        return abs(value - before) * LARGE_SHARE >= abs(before) if before else value != 0

    @property
    def expected(self) -> Decimal | None:
        """The last comparable value, of a year to date drawn out to the months that this one covers."""
        last = self.last
        if last is None or last.value is None or self.figure.indicator.kind != QuantityKind.YEAR_TO_DATE:
            return last.value if last is not None else None
        return last.value * self.figure.period.ends_on.month / last.period.ends_on.month

    @property
    def moved(self) -> str:
        """How far it moved, in words; empty where it can't be compared."""
        before, value = self.last.value if self.last is not None else None, self.figure.value
        if before is None or value is None or value == before:
            return ""
        if self.figure.indicator.kind in (QuantityKind.RATIO, QuantityKind.GROWTH):
            return f"{signed_on_screen(value - before)} 个百分点"
        share = nominal_growth(value, before)
        return signed_on_screen(value - before) if share is None else growth(share)

    @property
    def previous(self) -> str:
        """The last period's value as it is shown; empty without one."""
        return self.last.shown if self.last is not None else ""

    @property
    def said(self) -> str:
        """The explanation beside the number, and the answers that were given to single findings."""
        answers = dict.fromkeys(each.reason for each in self.oddities if each.reason != self.figure.explanation)
        return "\n".join(text for text in (self.figure.explanation, *answers) if text)

    @property
    def is_open(self) -> bool:
        """Whether it is up for decision."""
        return self.figure.state == CellState.SUBMITTED

    @property
    def new_evidence(self) -> set[int]:
        """Keys of evidence added since the last return."""
        if not self.remarks:
            return set()
        return {each.pk for each in self.evidence if each.added_at >= self.remarks[0].review.at}

    @property
    def beside(self) -> list[Beside]:
        """What is said beside the number, with what was said of it the time before."""
        return beside(self.figure, self.figure.indicator.unit, self.before)

    @property
    def is_unchanged(self) -> bool:
        return not self.changed and not any(each.is_changed for each in self.beside)

    @property
    def changed(self) -> set[str]:
        """Which of the answer, its parts and its explanation changed."""
        if self.before is None:
            return set()
        names = {"shown": "value", "parts_shown": "parts", "explanation": "explanation", "as_of_shown": "as_of"}
        return {word for name, word in names.items() if getattr(self.before, name) != getattr(self.figure, name)}


@dataclass(frozen=True)
class NoteRow:
    """One progress note of a form under review."""

    note: ProgressNote
    before: ProgressNote | None = None
    evidence: list[Evidence] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    is_open: bool = False
    """Whether it is up for decision."""
    turns: list[Said] = field(default_factory=list)

    @property
    def is_returned(self) -> bool:
        """Whether it was sent back with reasons of its own, and isn't published since."""
        return bool(self.remarks) and not self.note.is_published

    @property
    def texts(self) -> list[tuple[str, str, str]]:
        """Label, text, and the text of before where it was another, of each thing that the note says."""
        before = self.before or self.note
        labels: tuple[tuple[str, str], ...] = (
            ("progress", "进展"),
            ("problems", "存在问题"),
            ("next_step", "下一步安排"),
        )
        if self.note.section_id is not None:
            labels = (("progress", "正文"),)
        return [
            (label, getattr(self.note, name), getattr(before, name) if self.before is not None else "")
            for name, label in labels
            if getattr(self.note, name) or getattr(before, name)
        ]


@dataclass(frozen=True)
class UnderReview:
    """A form as its reviewer reads it: what changed, what is odd, the rest; each figure stands in one place."""

    form: Submission
    changed: list[Row]
    odd: list[Row]
    large: list[Row]
    rest: list[Row]
    notes: list[NoteRow]
    reviews: list[Review]
    correction: Correction | None
    correcting: Correction | None = None
    """The agreed correction that this round answers."""

    @property
    def changed_title(self) -> str:
        if self.correcting is not None:
            return "更正的数据"
        return "退回后有变动" if not any(row.is_unchanged for row in self.changed) else "退回后有变动或答复"

    @property
    def notes_are_new(self) -> bool:
        """Whether the notes are to be read now: the first time, or since one changed."""
        return self.form.round <= 1 or any(row.before is not None or row.is_returned for row in self.notes)

    @property
    def has_self_report(self) -> bool:
        return any(row.note.section_id is not None for row in self.notes)

    @property
    def rows(self) -> list[Row]:
        return [*self.changed, *self.odd, *self.large, *self.rest]

    @property
    def open_count(self) -> int:
        return sum(row.is_open for row in self.rows) + sum(row.is_open for row in self.notes)

    @property
    def unchanged_count(self) -> int:
        return len(self.rows) - len(self.changed)

    @property
    def rest_is_all(self) -> bool:
        return not self.changed and not self.odd and not self.large

    @property
    def returned_count(self) -> int:
        """How many figures and notes the last decision returned."""
        remarks = self.last_review.remarks.all() if self.last_review else []
        return len({(remark.figure_id, remark.note_id) for remark in remarks})

    @property
    def last_review(self) -> Review | None:
        """The last that the organisation was told of; what passed between two levels is none."""
        return next((each for each in self.reviews if each.decision not in ON_ITS_WAY), None)

    @property
    def sent_back(self) -> Review | None:
        """Why the final level sent the form back to the first, while that is the last word."""
        last = self.reviews[0] if self.reviews else None
        return last if last is not None and last.decision == Decision.SENT_BACK else None

    @property
    def unexplained(self) -> int:
        return sum(any(not finding.is_explained for finding in row.oddities) for row in self.odd)


def under_review(form: Submission) -> UnderReview:
    """Return a form sorted for its reviewer; the queries don't grow with its cells."""
    figures = figures_of(form)
    beside = Surroundings(figures)
    odd: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings_of(figures, beside=beside):
        if finding.figure is not None:
            odd[finding.figure.pk].append(finding)
    remarks, versions = last_remarks(form), figures_before([form])
    evidence = _evidence(Evidence.objects.filter(figure__submission=form, removed_at=None), "figure_id")
    held = dialogues(form)
    turns, said = turns_by_figure(held), turns_by_note(held)
    rows = []
    for figure in figures:
        version = versions.get(figure.pk)
        differs = version is not None and version.differs_from(figure)
        rows.append(
            Row(
                figure,
                before=version.reading if version is not None and (differs or figure.pk in remarks) else None,
                last=beside.before.last_period(figure),
                remarks=remarks.get(figure.pk, []),
                oddities=odd[figure.pk],
                evidence=evidence[figure.pk],
                turns=turns.get(figure.pk, []),
                line=line_through(_series(figure, beside.before)),
            )
        )
    changed = [row for row in rows if row.is_open and row.before is not None]
    asked = [row for row in rows if row.is_open and row.before is None and any(each.asks for each in row.oddities)]
    told = {row.figure.pk for row in (*changed, *asked)}
    large = [row for row in rows if row.is_open and row.is_large and row.figure.pk not in told]
    told |= {row.figure.pk for row in large}
    rest = [row for row in rows if row.figure.pk not in told]
    open_ones = Correction.objects.filter(submission=form).select_related("asked_by").prefetch_related(*with_request())
    by_state = {each.state: each for each in open_ones.order_by("asked_at")}
    return UnderReview(
        form=form,
        changed=changed,
        odd=asked,
        large=large,
        rest=rest,
        notes=_notes(form, said),
        reviews=reviews_of(form),
        correction=by_state.get(CorrectionState.ASKED),
        correcting=by_state.get(CorrectionState.AGREED),
    )


def _series(figure: Figure, published: Before) -> list[Decimal]:
    """The organisation's own values so far, oldest first, and the one under review."""
    values = [each.value for _, each in published.series(figure)]
    return [value for value in (*values, figure.value) if value is not None]


def corrections_asked(plan: Plan) -> list[Correction]:
    """Return the requests that wait for an answer, oldest first."""
    asked = Correction.objects.filter(submission__period__plan=plan, state=CorrectionState.ASKED)
    related = ("submission__organisation", "submission__period__plan", "asked_by")
    return list(asked.select_related(*related).order_by("asked_at"))


def _notes(form: Submission, said: dict[int, list[Said]]) -> list[NoteRow]:
    before, remarks = notes_before(form), last_note_remarks(form)
    evidence = _evidence(Evidence.objects.filter(note__submission=form, removed_at=None), "note_id")
    rows = ProgressNote.objects.filter(submission=form, is_owed=True)
    rows = rows.select_related("task__chapter", "project", "section")
    found = []
    for note in rows.order_by("task__chapter__number", "task__number", "project", "section__number"):
        known = before.get(note.pk)
        found.append(
            NoteRow(
                note,
                known if known is not None and note_differs(note, known) else None,
                evidence[note.pk],
                remarks.get(note.pk, []),
                is_open=form.is_with_group and not note.is_published,
                turns=said.get(note.pk, []),
            )
        )
    return found


def reviews_of(form: Submission) -> list[Review]:
    """The form's decisions with their reasons, newest first."""
    rows = Review.objects.filter(submission=form).select_related("entry__change")
    return list(
        rows.prefetch_related(
            "remarks__figure__indicator", "remarks__note__task", "remarks__note__project", "remarks__note__section"
        ).order_by("-at", "-id")
    )


def _evidence(rows: QuerySet[Evidence], owner: str) -> dict[int, list[Evidence]]:
    found: dict[int, list[Evidence]] = defaultdict(list)
    for each in rows.select_related("file"):
        found[getattr(each, owner)].append(each)
    return found


def next_deadline(plan: Plan) -> Submission | None:
    """Return the form that is due next, for an empty queue to say when something will come."""
    owed = Submission.objects.filter(period__plan=plan, state__in=EDITABLE, deadline__gte=now())
    return owed.select_related("period").order_by("deadline").first()
