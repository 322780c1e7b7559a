"""The rows of a form as its workbook has them: what each is called, what stands in its cells now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import prefetch_related_objects
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from indicators.models import Expectation, Indicator
from submissions.form_rows import GROWING, shown_value, target_on_screen
from submissions.models import Answer, Figure, ProgressNote, ProgressState, PublishedValue, Submission
from submissions.models.figure import YES_OR_NO
from submissions.queries.previous import (
    figures_of,
    last_note_remarks,
    last_remarks,
    last_year_values,
    previous_values,
)
from submissions.words import texts_of
from submissions.workbook.sheets import FIGURES, NO_DATA, NOTES, OF_PARTS, inputs_of

LABELS = {str(value): str(label) for value, label in Expectation.choices}
STATES = {str(value): str(label) for value, label in ProgressState.choices if value}


@dataclass(frozen=True)
class Row:
    """A row: ``key`` finds it again whatever was moved, ``texts`` are the words of its input cells as they are saved.

    A composite value has a row of its own for each part (``part`` counts from 0), which has the figure's owner.
    """

    sheet: str
    key: str
    number: str
    name: str
    owner: Figure | ProgressNote
    texts: Mapping[str, str]
    is_open: bool
    unit: str = ""
    group: str = ""
    part: int | None = None
    shown: Mapping[str, str] = field(default_factory=dict)
    """Words that are only read: target, previous values."""
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    """The same as numbers, where they are plain ones."""
    definition: str = ""
    reasons: Sequence[str] = ()

    @property
    def inputs(self) -> list[str]:
        """The columns that this row may be filled in at."""
        names = inputs_of(self.sheet)
        if self.part is not None:
            return [name for name in names if name in OF_PARTS]
        if isinstance(self.owner, Figure) and self.owner.indicator.kind not in GROWING:
            return [name for name in names if name not in ("growth_text", "growth_source")]
        return names

    @property
    def title(self) -> str:
        return f"{self.name}（{self.unit}）" if self.unit else self.name


def rows_of(submission: Submission, *, may_edit: bool = True) -> list[Row]:
    """Return the form's rows in its own order: figures, each with its parts, then notes; the queries don't grow."""
    figures = figures_of(submission)
    prefetch_related_objects(figures, "indicator__parts")
    previous, last_year = previous_values(submission), last_year_values(submission)
    remarks = last_remarks(submission)
    is_open = may_edit and submission.is_editable
    rows: list[Row] = []
    for figure in figures:
        reasons = [remark.text for remark in remarks.get(figure.pk, ())] if figure.state == "returned" else []
        rows.append(_figure(figure, previous, last_year, is_open and figure.is_editable, reasons))
        rows += _parts(figure, is_open and figure.is_editable)
    return rows + _notes(submission, is_open)


def _figure(
    figure: Figure,
    previous: Mapping[int, PublishedValue],
    last_year: Mapping[int, PublishedValue],
    is_open: bool,
    reasons: Sequence[str],
) -> Row:
    indicator = figure.indicator
    before, then = previous.get(indicator.pk), last_year.get(indicator.pk)
    numbers = {"target": indicator.target, "previous": _number(before), "last_year": _number(then)}
    return Row(
        FIGURES,
        f"指标-{indicator.number}",
        str(indicator.number),
        indicator.name,
        figure,
        figure_texts(figure),
        is_open,
        indicator.unit,
        _group(indicator),
        shown={
            "target": target_on_screen(indicator),
            "previous": shown_value(before) if before is not None else "—",
            "last_year": shown_value(then) if then is not None else "—",
        },
        numbers={name: number for name, number in numbers.items() if number is not None},
        definition=indicator.definition,
        reasons=reasons,
    )


def _group(indicator: Indicator) -> str:
    return str(indicator.category or indicator.task or indicator.project)


def _number(value: PublishedValue | None) -> Decimal | None:
    return value.value if value is not None and value.value_printed not in YES_OR_NO else None


def _parts(figure: Figure, is_open: bool) -> list[Row]:
    saved = {part["name"]: part["value"] for part in figure.parts}
    return [
        Row(
            FIGURES,
            f"分项-{figure.indicator.number}-{part.number}",
            f"{figure.indicator.number}.{part.number}",
            f"其中：{part.name}",
            figure,
            {"value_text": saved.get(part.name, "")},
            is_open,
            part.unit,
            _group(figure.indicator),
            part=order,
        )
        for order, part in enumerate(figure.indicator.parts.all())
    ]


def _notes(submission: Submission, is_open: bool) -> list[Row]:
    notes = ProgressNote.objects.filter(submission=submission, is_owed=True, section=None)
    notes = notes.select_related("submission", "task__chapter", "project", "saved_by")
    remarks = last_note_remarks(submission)
    rows = []
    for note in notes.order_by("task__chapter__number", "task__number", "project__number"):
        about = f"{note.task.chapter.number}.{note.task.number}" if note.task is not None else ""
        number = about or str(note.project.number if note.project is not None else "")
        kind = "任务" if note.task_id else "项目"
        reasons = [] if note.is_published else [remark.text for remark in remarks.get(note.pk, ())]
        rows.append(
            Row(
                NOTES,
                f"{kind}-{number}",
                number,
                str(note.subject),
                note,
                note_texts(note),
                is_open and note.is_editable,
                shown={"kind": "重点任务" if note.task_id else "重大项目"},
                reasons=reasons,
            )
        )
    return rows


def figure_texts(figure: Figure) -> dict[str, str]:
    """The words of a figure's cells, as the workbook writes them and as a person would."""
    texts = {name: in_sheet(text) for name, text in texts_of(figure).items()}
    del texts["no_data_reason"]
    texts["expectation"] = LABELS.get(figure.expectation, "")
    texts["value_text"] = value_in_sheet(figure)
    return texts


def value_in_sheet(figure: Figure) -> str:
    """A number, 0 where zero was confirmed, 是 or 否, or no data with its reason; nothing where it isn't answered."""
    if figure.answer == Answer.NO_DATA:
        return f"{NO_DATA}：{in_sheet(figure.no_data_reason)}"
    if figure.answer == Answer.BLANK or figure.value is None:
        return ""
    if figure.value_printed in YES_OR_NO:
        return figure.value_printed
    return f"{figure.value.normalize():f}"


def note_texts(note: ProgressNote) -> dict[str, str]:
    texts = {name: in_sheet(getattr(note, name)) for name in ("progress", "problems", "next_step", "reply")}
    return texts | {"state": STATES.get(note.state, "")}


def in_sheet(text: str) -> str:
    """A saved text as it comes back from a sheet: no other line ends than \\n, no character that no sheet holds."""
    tidy = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return ILLEGAL_CHARACTERS_RE.sub("\ufffd", tidy)
