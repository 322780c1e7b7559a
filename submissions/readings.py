"""How cells would be read before anything is saved: for the preview of a paste, and for the change as one types."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from submissions.actions import NeedsConfirmation, Sent
from submissions.actions.sent import cells_to_read, columns_of, filled_in
from submissions.form_rows import CellRow, cell_rows
from submissions.models import Figure, Submission
from submissions.words import texts_of


@dataclass(frozen=True)
class FieldReading:
    """One field: ``kind`` is ok, same (as saved), confirm, error or shut; ``text`` is how it would stand in the field."""

    kind: str
    old: str
    text: str = ""
    told: str = ""


@dataclass
class Reading:
    """One cell: its fields, and its row as it would be with those that can be read."""

    figure: Figure
    fields: dict[str, FieldReading] = field(default_factory=dict)
    row: CellRow | None = None


def readings_of(submission: Submission, cells: Sequence[Sent]) -> list[Reading]:
    """Read each field by itself: one that can't be read doesn't hinder the others.

    Raises:
        Figure.DoesNotExist: a cell isn't one of this form's.
    """
    figures = {row.pk: row for row in cells_to_read(submission, {each.figure for each in cells})}
    if len(figures) < len(cells):
        raise Figure.DoesNotExist("a cell of another form")
    found, proposed = [], []
    for each in cells:
        figure = figures[each.figure]
        figure.submission = submission
        would_be = copy.copy(figure)
        fields = {name: _read(figure, would_be, name, text) for name, text in each.words.items()}
        found.append(Reading(figure, fields))
        proposed.append(would_be)
    rows = {row.figure.pk: row for row in cell_rows(submission, may_edit=True, proposed=proposed)}
    for reading in found:
        reading.row = rows.get(reading.figure.pk)
    return found


def _read(figure: Figure, would_be: Figure, name: str, text: str) -> FieldReading:
    """Read one field, and put what it means into the proposed cell."""
    old = texts_of(figure).get(name, "")
    if not figure.is_editable:
        return FieldReading("shut", old, told="这一项现在不能修改。")
    words, parts = filled_in(Sent(figure.pk, figure.revision, {name: text}), figure, None)
    try:
        columns = columns_of(figure, words, parts, confirmed=False)
    except NeedsConfirmation as asked:
        columns = columns_of(figure, words, parts, confirmed=True)
        return FieldReading("confirm", old, _put(would_be, figure, columns, name), asked.understood)
    except ValidationError as why:
        return FieldReading("error", old, told=why.messages[0])
    now = _put(would_be, figure, columns, name)
    return FieldReading("same" if now == old else "ok", old, now)


def _put(would_be: Figure, figure: Figure, columns: Mapping[str, object], name: str) -> str:
    for column, value in columns.items():
        if value != getattr(figure, column):
            setattr(would_be, column, value)
    return texts_of(would_be).get(name, "")
