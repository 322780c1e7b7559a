"""A figure or a note as it would be after some cells of a file were taken over; nothing here writes."""

import copy
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from arithmetic.written import Unreadable, read_value
from submissions.actions.notes import note_columns
from submissions.actions.typed import NeedsConfirmation, Typed, read_cell
from submissions.models import Answer, Figure, ProgressNote
from submissions.words import texts_of
from submissions.workbook.cells import NUMBERS, Words, arguments
from submissions.workbook.rows import Row
from workbooks.columns import Wrong


def given_of(owner: Figure | ProgressNote) -> dict[str, Any]:
    """What is saved, as the arguments of the verb that would save it again."""
    if isinstance(owner, Figure):
        return {**texts_of(owner), "answer": owner.answer, "parts": list(owner.parts)}
    return {name: getattr(owner, name) for name in ("state", "progress", "problems", "next_step", "reply")}


def with_cells(owner: Figure | ProgressNote, cells: Iterable[tuple[Row, str, str]]) -> dict[str, Any]:
    """Return the verb's arguments with some cells changed: (row, column, text).

    Raises:
        Wrong: a word that is not in its cell's list.
    """
    given = given_of(owner)
    for row, name, text in sorted(cells, key=lambda each: each[0].part is not None):
        if row.part is None:
            given |= arguments(name, text)
        else:
            given["parts"] = _with_part(owner, given["parts"], row.part, text)
    return given


def _with_part(owner: Figure | ProgressNote, parts: Iterable[Mapping[str, str]], order: int, text: str) -> Any:
    assert isinstance(owner, Figure)
    saved = {part["name"]: part["value"] for part in parts}
    named = list(owner.indicator.parts.all())
    values = [saved.get(part.name, "") for part in named]
    values[order] = text
    return [{"name": p.name, "unit": p.unit, "value": value} for p, value in zip(named, values, strict=True)]


def look(row: Row, name: str, words: Words) -> tuple[list[str], list[str]]:
    """Try one cell by itself; return what must be agreed to, and what was merely understood.

    Raises:
        Wrong: it can't be read, or not be kept.
    """
    owner = row.owner
    given = with_cells(owner, [(row, name, words.text)])
    if row.part is not None:  # a part is looked at even where the total isn't filled in yet
        given |= {"answer": Answer.VALUE, "value_text": given["value_text"] or "1"}
    warnings = [words.warning] if words.warning else []
    try:
        if isinstance(owner, ProgressNote):
            note_columns(**given)
            return warnings, []
        try:
            read_cell(_typed(owner, given), owner.indicator)
        except NeedsConfirmation as asked:
            warnings.append(asked.understood)
            read_cell(_typed(owner, given, is_confirmed=True), owner.indicator)
    except ValidationError as refused:
        raise Wrong("".join(refused.messages)) from None
    return warnings, [] if warnings else _understood(row, name, words.text)


def _understood(row: Row, name: str, text: str) -> list[str]:
    if name not in NUMBERS or not text:
        return []
    try:
        told = read_value(text, unit="" if name == "growth_text" else row.unit).understood_as
    except Unreadable:
        return []
    return [told] if told else []


def _typed(figure: Figure, given: Mapping[str, Any], *, is_confirmed: bool = False) -> Typed:
    numbers = (figure.last_year_value, figure.reported_growth)
    agreed = {figure.value_printed, *(f"{each.normalize():f}" for each in numbers if each is not None)}
    names = [(part.name, part.unit) for part in figure.indicator.parts.all()]
    return Typed(**given, part_names=names, agreed=frozenset(agreed - {""}), is_confirmed=is_confirmed)


def proposed(figure: Figure, cells: Iterable[tuple[Row, str, str]]) -> Figure | None:
    """Return the figure as it would be saved, for the checks to look at; None where that can't be read."""
    try:
        columns = read_cell(_typed(figure, with_cells(figure, cells), is_confirmed=True), figure.indicator)
    except (ValidationError, Wrong):
        return None
    changed = copy.copy(figure)
    for name, value in columns.items():
        setattr(changed, name, value)
    return changed


def loses_places(before: Decimal | None, after: Decimal | None) -> int:
    """How many decimal places less the new number has, where it is the old one rounded to them; else 0."""
    if before is None or after is None or before == after:
        return 0
    old, new = (max(0, -int(value.normalize().as_tuple().exponent)) for value in (before, after))
    return old - new if new < old and abs(before - after) <= Decimal(1).scaleb(-new) / 2 else 0
