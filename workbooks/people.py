"""Reads an uploaded list of people, for the room that makes accounts (it stands before this one)."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.exceptions import ValidationError

from organisations.people_sheet import TITLE
from workbooks.cells import CellKind, FoundSheet, Unusable
from workbooks.reading import LARGEST, read_folder, read_workbook


def read_people_sheet(upload: Any) -> list[list[str]]:
    """Return the rows of the first sheet (or of the one named for people) as texts; a formula begins with ``=``.

    Raises:
        ValidationError: not a sheet, or too large; the file's content decides, its name only between .xlsx and .csv.
    """
    if upload.size > LARGEST:
        raise ValidationError(f"文件超过 {LARGEST // 1024 // 1024} MB。")
    with TemporaryDirectory() as folder:
        is_text = str(upload.name).lower().endswith(".csv")
        file = Path(folder) / ("people.csv" if is_text else "people.xlsx")
        with file.open("wb") as copy:
            for part in upload.chunks():
                copy.write(part)
        try:
            sheets = read_folder(file.parent, {"people": TITLE}) if is_text else read_workbook(file)
        except Unusable as unusable:
            raise ValidationError([problem.words for problem in unusable.problems]) from unusable
    return _texts(sheets)


def _texts(sheets: list[FoundSheet]) -> list[list[str]]:
    chosen = next((sheet for sheet in sheets if sheet.title == TITLE), sheets[0] if sheets else None)
    if chosen is None:
        return []
    return [
        [f"={cell.text.lstrip('=')}" if cell.kind in (CellKind.FORMULA, CellKind.ERROR) else cell.text for cell in row]
        for row in chosen.rows
    ]
