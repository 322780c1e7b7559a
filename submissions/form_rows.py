"""The rows of the form's page: each cell with what stands beside it, each note with what it needs."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from arithmetic.growth import nominal_growth
from arithmetic.shown import growth, number_on_screen, percentage_points, signed_on_screen
from audit.clock import today
from indicators.models import Expectation, Indicator, QuantityKind, TargetForm
from organisations.models import Provenance
from submissions.attached import Attached
from submissions.beside import MORE, Beside, beside, differences
from submissions.checks import Finding, Surroundings, findings_of
from submissions.checks.cell import PartFacts
from submissions.checks.compared import Compared
from submissions.models import (
    Answer,
    CellState,
    Evidence,
    Figure,
    ProgressNote,
    PublishedValue,
    Remark,
    State,
    Submission,
)
from submissions.models.figure import CAN_STAY, YES_OR_NO
from submissions.queries.previous import figures_of
from submissions.queries.same_number import SameNumber
from submissions.queries.streets import StreetParts
from submissions.words import texts_of

GROWING = {QuantityKind.YEAR_TO_DATE, QuantityKind.ANNUAL, QuantityKind.PERIOD}
ONE_LINE = 11  # characters of a state under a cell
RELATIVE = {QuantityKind.RATIO, QuantityKind.GROWTH}


@dataclass(frozen=True)
class Status:
    """What stands under a cell: the class of its shape and its words; ``to_do`` names the pile it is counted in."""

    kind: str
    words: str
    to_do: str = ""

    @property
    def is_long(self) -> bool:
        """Whether it takes two lines under a cell."""
        return len(self.words) > ONE_LINE


@dataclass
class CellRow:
    """One cell of the form with everything that its row shows."""

    figure: Figure
    is_editable: bool
    previous: PublishedValue | None = None
    last_year: PublishedValue | None = None
    remarks: list[Remark] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    streets: StreetParts | None = None
    asked_parts: Sequence[PartFacts] = ()
    refusal: "Refusal | None" = None
    same: SameNumber | None = None
    """What the organisation said already of the same quantity and day, in another form."""

    @cached_property
    def key(self) -> str:
        """The figure's key as it stands in the page."""
        return str(self.figure.pk)

    @cached_property
    def name(self) -> str:
        return self.indicator.name

    @property
    def indicator(self) -> Indicator:
        return self.figure.indicator

    @property
    def group(self) -> str:
        """The head under which the row stands: its category, task or project."""
        indicator = self.indicator
        return str(indicator.category or indicator.task or indicator.project)

    @cached_property
    def is_answered_otherwise(self) -> bool:
        """Whether a word stands in the cell instead of a number that could be typed over."""
        return self.figure.answer in (Answer.ZERO, Answer.NO_DATA) or (
            self.figure.answer == Answer.VALUE and not self.is_editable
        )

    @property
    def fields(self) -> dict[str, str]:
        """What stands in the row's fields: as it is saved, or as it was typed and refused."""
        return self._saved | (self.refusal.typed if self.refusal is not None else {})

    @cached_property
    def _saved(self) -> dict[str, str]:
        return texts_of(self.figure)

    @property
    def shown(self) -> str:
        """The cell where it can't be edited."""
        return shown_value(self.figure)

    @property
    def previous_shown(self) -> str:
        return shown_value(self.previous) if self.previous is not None else "—"

    @property
    def last_year_shown(self) -> str:
        if self.figure.last_year_value is not None:
            return number_on_screen(self.figure.last_year_value)
        return shown_value(self.last_year) if self.last_year is not None else "—"

    @property
    def target_shown(self) -> str:
        return target_on_screen(self.indicator)

    @property
    def change(self) -> tuple[str, ...]:
        """The change from the last period, computed from the two values: the difference, and its share."""
        return change_of(self)

    @property
    def change_on_year(self) -> str:
        """The change from the same period of last year, in percent or percentage points; empty without one."""
        before = self.figure.last_year_value
        if before is None and self.last_year is not None:
            before = self.last_year.value
        value = self.figure.value
        if value is None or before is None or self.is_yes_or_no:
            return ""
        if self.indicator.kind in RELATIVE:
            points = value - before
            return "同比持平" if not points else f"同比{'+' if points > 0 else '−'}{percentage_points(abs(points))}"
        rate = nominal_growth(value, before)
        return f"同比{growth(rate)}" if rate is not None else ""

    @cached_property
    def changes(self) -> list[str]:
        """The lines of the column 变化: against the last period, and below against the same period of last year."""
        return [*self.change, *([self.change_on_year] if self.change_on_year else [])]

    @cached_property
    def is_yes_or_no(self) -> bool:
        return self.indicator.target_form == TargetForm.YES_NO

    @property
    def yes_or_no(self) -> list[str]:
        """The two answers to a question whether something is done."""
        return list(YES_OR_NO)

    @property
    def asks_growth(self) -> bool:
        return self.indicator.kind in GROWING

    @property
    def last_year_is_assumed(self) -> bool:
        if self.figure.last_year_value is not None:
            return False
        return self.last_year is not None and self.last_year.provenance == Provenance.ASSUMED

    @property
    def beside(self) -> list[Beside]:
        """What is said beside the number, where it is only read."""
        return [] if self.is_editable else beside(self.figure, self.indicator.unit)

    @property
    def opens_more(self) -> bool:
        """Whether something stands in the fields that are folded otherwise."""
        return any(self.fields[name] for name in MORE)

    @property
    def expectations(self) -> list[tuple[str, str]]:
        return [(str(value), str(label)) for value, label in Expectation.choices]

    @property
    def has_lines(self) -> bool:
        """Whether something stands in lines of their own under the cell."""
        return self.is_editable or bool(self.parts or self.is_returned or self.beside)

    @property
    def may_stay(self) -> bool:
        """Whether 与上期相同 is an answer: for a stock, not for a flow."""
        return self.previous is not None and self.previous.value is not None and self.indicator.kind in CAN_STAY

    @cached_property
    def earlier_explanation(self) -> str:
        """What was said of the last period's value: a starting point for this one's explanation."""
        return self.previous.explanation.strip() if self.previous is not None else ""

    @property
    def is_carried(self) -> bool:
        """Whether the explanation is still word for word that of the last period."""
        return bool(self.earlier_explanation) and self.figure.explanation.strip() == self.earlier_explanation

    @cached_property
    def parts(self) -> list[tuple[str, str, str]]:
        """Name, unit and number as typed of each part of a composite value."""
        given = {part["name"]: part["value"] for part in self.figure.parts}
        return [(part.name, part.unit, given.get(part.name, "")) for part in self.asked_parts]

    @property
    def parts_total(self) -> Decimal | None:
        """The sum of the parts, where there are some and all may be added."""
        if not self.figure.parts or not all(part.may_be_added for part in self.asked_parts):
            return None
        return sum((Decimal(part["value"]) for part in self.figure.parts), Decimal(0))

    @cached_property
    def is_returned(self) -> bool:
        return self.figure.state == CellState.RETURNED and bool(self.remarks)

    @cached_property
    def unexplained(self) -> list[Finding]:
        return [each for each in self.findings if not each.is_explained] if self.is_editable else []

    @property
    def street_difference(self) -> str:
        value = self.figure.value
        if self.streets is None or value is None:
            return ""
        return self.streets.difference_in_words(value, self.indicator.unit)

    @cached_property
    def shown_findings(self) -> list[Finding]:
        """What stands under the row; the streets' difference stands with their figures."""
        return [each for each in self.findings if each.kind != "differs_from_streets"]

    @cached_property
    def status(self) -> Status:
        return status_of(self)


@dataclass(frozen=True)
class Refusal:
    """Why a cell was not saved, with what was typed: shown under its row."""

    typed: dict[str, str]
    messages: tuple[str, ...]
    needs_confirmation: bool = False
    current: Figure | None = None
    """The cell as somebody else saved it meanwhile."""

    @property
    def current_shown(self) -> str:
        return shown_value(self.current) if self.current is not None else ""

    @property
    def differences(self) -> list[Beside]:
        """What the other person saved differently beside the number."""
        return differences(self.typed, texts_of(self.current)) if self.current is not None else []

    @property
    def differs_in_value(self) -> bool:
        return self.current is not None and texts_of(self.current)["value_text"] != self.typed.get("value_text", "")


def shown_value(reading: Figure | PublishedValue) -> str:
    """A value on screen; words where the answer is one."""
    match reading.answer:
        case Answer.BLANK:
            return "—"
        case Answer.NO_DATA:
            return reading.value_printed or "无数据"
        case _:
            return reading.shown if reading.value_printed in YES_OR_NO else number_on_screen(reading.value)


def target_on_screen(indicator: Indicator) -> str:
    """The target with thousands separators; as printed where it isn't a plain number (＞60)."""
    printed = indicator.target_printed.strip()
    if indicator.target is None or (printed and not printed.replace(".", "").replace(",", "").isdigit()):
        return printed or "—"
    return number_on_screen(indicator.target)


def change_of(row: CellRow) -> tuple[str, ...]:
    """The difference from the last period where the two can be compared, and below it the growth in percent.

    Ratios: percentage points alone. Year-to-date values start anew each January and aren't compared across it.
    """
    value = row.figure.value
    before = Compared(row.figure, value, row.previous).before if value is not None else None
    if value is None or before is None or row.is_yes_or_no:
        return ("—",)
    if value == before:
        return ("持平",)
    if row.indicator.kind in RELATIVE:
        return (f"{'+' if value > before else '−'}{percentage_points(abs(value - before))}",)
    rate = nominal_growth(value, before)
    return (signed_on_screen(value - before), *((growth(rate),) if rate is not None else ()))


_FIXED = {
    CellState.SUBMITTED: Status("sent", "已提交，不可改"),
    CellState.APPROVED: Status("ok", "已通过，不可改"),
}
_ANSWERED = {Answer.ZERO: ("zero", "确认为零"), Answer.NO_DATA: ("nodata", "无数据")}


def status_of(row: CellRow) -> Status:
    """The state of a cell as it is saved, in the words of the screen."""
    figure = row.figure
    state = CellState(figure.state)
    if state in _FIXED:
        return _FIXED[state]
    if not row.is_editable:
        kind = "todo" if figure.answer == Answer.BLANK else "saved"
        return Status(kind, CellState(state).label)
    if state == CellState.RETURNED and not _was_changed_since(row):
        return Status("back", "已退回，待修改", "退回")
    if figure.answer == Answer.BLANK:
        return Status("todo", "待填", "待填")
    if row.unexplained:
        return Status("warn", f"已保存{saved_at(figure)}，需说明", "需说明")
    if figure.answer in _ANSWERED:
        kind, words = _ANSWERED[Answer(figure.answer)]
        return Status(kind, f"{words}，已保存{saved_at(figure)}")
    if figure.is_same_as_before:
        return Status("saved", f"与上期相同，已保存{saved_at(figure)}")
    if state == CellState.CORRECTING and figure.saved_at is None:
        return Status("fix", "更正中", "更正")
    return Status("saved", f"已保存{saved_at(figure)}")


def _was_changed_since(row: "CellRow | NoteRow") -> bool:
    """Whether a returned cell or note was saved, or got a file, after its return."""
    if not row.remarks:
        return True
    since = row.remarks[0].review.at
    saved = row.figure if isinstance(row, CellRow) else row.note
    moments = [saved.saved_at, *(each.added_at for each in row.evidence)]
    return any(moment is not None and moment >= since for moment in moments)


def saved_at(row: Figure | ProgressNote) -> str:
    """`` 14:32`` today, `` 7月12日 14:32`` on another day; nothing where it was never saved."""
    if row.saved_at is None:
        return ""
    moment = timezone.localtime(row.saved_at)
    clock = f"{moment:%H:%M}"
    return f" {clock}" if moment.date() == today() else f" {moment.month}月{moment.day}日 {clock}"


def cell_rows(
    submission: Submission,
    *,
    may_edit: bool,
    only: Collection[int] | None = None,
    proposed: Sequence[Figure] = (),
    attached: Attached | None = None,
) -> list[CellRow]:
    """Return the rows of the form's figures in the plan's order; a fixed number of queries, however many there are.

    ``only`` names the figures that are wanted; ``proposed`` are figures that aren't saved, in the place of those that
    are; ``attached`` is what was read of the form already.
    """
    figures = _figures_in(submission, only, {figure.pk: figure for figure in proposed})
    beside, attached = Surroundings(figures), attached or Attached(submission)
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings_of(figures, beside=beside):
        if finding.figure is not None:
            found[finding.figure.pk].append(finding)
    return [
        CellRow(
            figure,
            may_edit and submission.is_editable and figure.is_editable,
            beside.before.last_period(figure),
            beside.before.last_year(figure),
            attached.remarks(figure=figure.pk),
            attached.evidence(figure=figure.pk),
            found[figure.pk],
            beside.streets.of(figure),
            beside.parts(figure),
        )
        for figure in figures
    ]


def _figures_in(submission: Submission, only: Collection[int] | None, proposed: Mapping[int, Figure]) -> list[Figure]:
    figures = figures_of(submission)
    wanted = set(proposed) or only
    kept = figures if wanted is None else [figure for figure in figures if figure.pk in wanted]
    for order, figure in enumerate(kept):
        if figure.pk in proposed:
            kept[order] = proposed[figure.pk]
            for name in ("indicator", "organisation", "period", "saved_by"):
                setattr(kept[order], name, getattr(figure, name))
    return kept


def cell_row(figure: Figure, *, may_edit: bool) -> CellRow:
    """Return the row of one cell as it is now."""
    return cell_rows(figure.submission, may_edit=may_edit, only={figure.pk})[0]


@dataclass
class NoteRow:
    """One progress note of the form."""

    note: ProgressNote
    is_editable: bool
    evidence: list[Evidence] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    @property
    def is_returned(self) -> bool:
        """Whether it was sent back with reasons of its own, and isn't published since."""
        return bool(self.remarks) and not self.note.is_published

    @property
    def title(self) -> str:
        return str(self.note.task or self.note.project or self.note.section)

    @property
    def kind(self) -> str:
        if self.note.section_id:
            return "自评报告"
        return "重点任务" if self.note.task_id else "重大项目"

    @property
    def status(self) -> Status:
        note = self.note
        if note.is_published:
            return Status("ok", "已通过，不可改")
        if not self.is_editable:
            if note.is_sent or note.submission.is_with_group or note.submission.state == State.AWAITING_HEAD:
                return Status("sent", "已提交，不可改")
            return Status("todo", "未填") if note.is_blank else Status("saved", "已填")
        if self.remarks and not _was_changed_since(self):
            return Status("back", "已退回，待修改", "退回")
        if note.is_blank:
            return Status("todo", "待填", "待填")
        if note.section_id and not note.progress:
            return Status("none", "选填，未写")
        return Status("saved", f"已保存{saved_at(note)}")


def note_rows(submission: Submission, *, may_edit: bool, attached: Attached | None = None) -> list[NoteRow]:
    notes = ProgressNote.objects.filter(submission=submission, is_owed=True).select_related(
        "submission", "task__chapter", "project", "section"
    )
    attached = attached or Attached(submission)
    return [
        NoteRow(
            note,
            may_edit and submission.is_editable and note.is_editable,
            attached.evidence(note=note.pk),
            attached.remarks(note=note.pk),
        )
        for note in notes.order_by("task__chapter__number", "task__number", "project__number", "section__number")
    ]


@dataclass(frozen=True)
class Pile:
    """Cells of one kind that are still to do, and the first of them."""

    words: str
    count: int
    anchor: str


def piles_of(cells: Iterable[CellRow], notes: Iterable[NoteRow]) -> list[Pile]:
    """Count what is to do, by kind, in the order in which it first appears."""
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    places = [(row.status.to_do, f"cell-{row.figure.pk}") for row in cells]
    places += [(row.status.to_do, f"note-{row.note.pk}") for row in notes]
    for words, anchor in places:
        if words:
            counts[words] += 1
            first.setdefault(words, anchor)
    return [Pile(words, count, first[words]) for words, count in counts.items()]
