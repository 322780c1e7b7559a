"""Workbooks as a superior hands them out."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.worksheet import Worksheet

from submissions.actions.consolidated import EXCEL


def named_book(**cells: str) -> Workbook:
    """A workbook whose cells have names: ``named_book(指标1_完成值="B2")``."""
    book = Workbook()
    book.active.title = "上报"
    book.active["A1"] = "某市规划进展表"
    book.active.merge_cells("A1:D1")
    for name, place in cells.items():
        book.defined_names[name] = DefinedName(name, attr_text="上报!$" + place[0] + "$" + place[1:])
    return book


def table_book(heads: list[str], *rows: list[object], title: str = "附表1") -> Workbook:
    """A title, the heads in row 3, then rows."""
    book = Workbook()
    book.active.title = title
    book.active["A1"] = "主要指标完成情况"
    for column, head in enumerate(heads, start=1):
        book.active.cell(3, column, head)
    for number, row in enumerate(rows, start=4):
        for column, value in enumerate(row, start=1):
            book.active.cell(number, column, value)
    return book


def uploaded(book: Workbook, name: str = "上级表.xlsx") -> SimpleUploadedFile:
    content = BytesIO()
    book.save(content)
    return SimpleUploadedFile(name, content.getvalue(), content_type=EXCEL)


def opened_again(content: bytes) -> Worksheet:
    return load_workbook(BytesIO(content)).active
