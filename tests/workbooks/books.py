"""Workbooks made for tests from folders of CSV files."""

import csv
import shutil
from pathlib import Path

from openpyxl import Workbook, load_workbook

from workbooks.plan_reading import TITLES

DATA = Path(__file__).resolve().parents[1] / "data"
CLEAR_WATER = DATA / "clear-water"


def copy_of(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / folder.name))


def workbook_of(folder: Path, to: Path, *, numbers: bool = True) -> Path:
    """Write a folder's sheets as one .xlsx; cells that look like whole numbers become numbers, as in Excel."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for file in sorted(folder.glob("*.csv")):
        page = book.create_sheet(TITLES[file.stem])
        for row in csv.reader(file.read_text(encoding="utf-8-sig").splitlines()):
            page.append([int(cell) if numbers and cell.isdigit() else cell or None for cell in row])
    path = to / "plan.xlsx"
    book.save(path)
    return path


def change(path: Path, cells: dict[str, object]) -> None:
    """Type into cells of a workbook, each named as on screen: 规划指标!D7."""
    book = load_workbook(path)
    for name, value in cells.items():
        sheet, _, cell = name.partition("!")
        book[sheet][cell] = value
    book.save(path)
