"""The rows of the form's page: each cell with what stands beside it, each note with what it needs."""

from submissions.form_rows.cell import GROWING, CellRow, Refusal
from submissions.form_rows.note import NoteRow, note_rows
from submissions.form_rows.piles import piles_of
from submissions.form_rows.reading import cell_row, cell_rows
from submissions.form_rows.shown import shown_value, target_on_screen
from submissions.form_rows.status import saved_at

__all__ = [
    "GROWING",
    "CellRow",
    "NoteRow",
    "Refusal",
    "cell_row",
    "cell_rows",
    "note_rows",
    "piles_of",
    "saved_at",
    "shown_value",
    "target_on_screen",
]
