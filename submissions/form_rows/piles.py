"""What is still to do in a form, counted by kind."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from submissions.form_rows.cell import CellRow
from submissions.form_rows.note import NoteRow


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
