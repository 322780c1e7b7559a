"""Filling cells of somebody's workbook, in a process of its own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.workbooks.test_hostile_files import HOSTILE
from workbooks.cells import Unusable
from workbooks.filler import fill
from workbooks.reading import fill_workbook, read_template


@pytest.fixture
def book(tmp_path: Path) -> Path:
    made = Workbook()
    made.active.title = "表"
    made.active["A1"], made.active["B2"] = "抬头", "=A9*2"
    made.active.merge_cells("A1:B1")
    made.active["C2"].number_format = "0.00%"
    path = tmp_path / "模板.xlsx"
    made.save(path)
    return path


def test_cells_are_written_by_the_process(book: Path, tmp_path: Path) -> None:
    content, left = fill_workbook(book, [["表", "A2", "number", "9458.29", False], ["表", "A3", "text", "=1", False]])
    (tmp_path / "out.xlsx").write_bytes(content)
    page = load_workbook(tmp_path / "out.xlsx")["表"]
    assert (page["A2"].value, page["A3"].value, page["A3"].data_type, left) == (9458.29, "'=1", "s", [])


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        (["表", "B1", "number", "1", False], "合并单元格"),
        (["表", "B2", "number", "1", False], "公式"),
        (["表", "C2", "number", "1", False], "百分比"),
        (["没有", "A1", "number", "1", False], "没有这张工作表"),
    ],
)
def test_what_cannot_be_written_is_left_alone_and_said(
    book: Path, tmp_path: Path, cell: list[object], words: str
) -> None:
    ((sheet, place, why),) = fill(book, tmp_path / "out.xlsx", [cell])
    assert (sheet, place) == tuple(cell[:2])
    assert words in why


def test_a_formula_that_somebody_mapped_by_name_is_written_over(book: Path, tmp_path: Path) -> None:
    assert fill(book, tmp_path / "out.xlsx", [["表", "B2", "percent", "12.5", True]]) == []
    assert load_workbook(tmp_path / "out.xlsx")["表"]["B2"].value == 12.5


def test_a_number_that_no_sheet_keeps_is_written_as_text(book: Path, tmp_path: Path) -> None:
    fill(book, tmp_path / "out.xlsx", [["表", "A2", "number", "1234567890123456.789", False]])
    assert load_workbook(tmp_path / "out.xlsx")["表"]["A2"].value == "1234567890123456.789"


@pytest.mark.parametrize("kind", ["macros", "encrypted", "renamed CSV", "entities"])
def test_a_hostile_template_is_refused_in_words(kind: str, tmp_path: Path) -> None:
    write: Callable[[Path], None]
    write, words = HOSTILE[kind]
    path = tmp_path / "模板.xlsx"
    write(path)
    for attempt in (lambda: read_template(path), lambda: fill_workbook(path, [])):
        with pytest.raises(Unusable, match=words):
            attempt()
