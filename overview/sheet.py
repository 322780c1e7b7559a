"""The overview as a workbook: the rows of the page, numbers as numbers where a plain number was printed."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from arithmetic.shown import ABSENT, MINUS, day_in_words, rounded
from audit.spreadsheets import inert
from overview.queries.board import Group, Shown
from plans.models import Plan

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SECRECY = "非涉密系统，严禁处理、存储、传输国家秘密"
HEAD_ROW = 3
PERCENT = "0.0%"
GREY = PatternFill("solid", fgColor="E9EDF1")
LINE = Side("thin", "76818D")
GRID = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


@dataclass(frozen=True)
class Sheet:
    """What is taken out: the groups that the page shows."""

    plan: Plan
    until: date
    groups: Sequence[Group]
    is_filtered: bool = False

    @property
    def number(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def subtitle(self) -> str:
        which = f"{self.number} 项{'（按页面的筛选条件）' if self.is_filtered else ''}"
        return f"数据截至 {day_in_words(self.until)}，只含已发布值，{which}　{SECRECY}"


def columns_of(plan: Plan) -> list[tuple[str, int]]:
    """The heads with their widths in characters."""
    return [
        ("序号", 6),
        ("规划指标", 40),
        ("单位", 9),
        ("属性", 9),
        (f"{plan.base_year}年基数", 12),
        (f"{plan.last_year}年目标", 12),
        ("完成值", 12),
        ("截至", 15),
        ("增量进度", 10),
        ("完成率", 10),
        ("时序进度", 10),
        ("目前进度", 14),
        (f"到{plan.last_year}年", 14),
        ("说明", 44),
        ("牵头单位", 26),
        ("备注", 26),
    ]


def cells_of(row: Shown) -> list[Any]:
    """A row of the sheet; ratios are plain (0.4), a bound or a count of parts stays as printed."""
    assessed, indicator = row.assessed, row.assessed.indicator
    return [
        indicator.number,
        indicator.name,
        indicator.unit,
        indicator.get_attribute_display(),
        _plain(row.base, indicator.base),
        _plain(row.target, indicator.target),
        _plain(row.value, assessed.value),
        assessed.as_of_words,
        _ratio(assessed.judgement.progress),
        _ratio(assessed.judgement.completion_rate),
        _ratio(assessed.time_passed),
        assessed.verdict.words,
        assessed.outlook.words,
        assessed.sentence,
        row.lead,
        "；".join(_notes(row)),
    ]


def _plain(shown: str, value: Decimal | None) -> Decimal | str:
    """The number, where the page shows nothing else."""
    text = shown.replace(",", "").replace(MINUS, "-")
    return Decimal(text) if value is not None and text.replace(".", "", 1).lstrip("-").isdecimal() else shown


def _ratio(value: Decimal | None) -> Decimal | str:
    return ABSENT if value is None else rounded(value, 4)


def _notes(row: Shown) -> Iterator[str]:
    if row.assessed.decided is not None:
        yield f"人工判定：{row.assessed.decided.reason}"
    if row.is_assumed:
        yield "完成值为演示假定"


def workbook_of(sheet: Sheet) -> bytes:
    book = Workbook()
    page = book.create_sheet("总览")
    book.remove(book.worksheets[0])
    columns = columns_of(sheet.plan)
    page.append([inert(f"{sheet.plan.name}　规划指标进展")])
    page.append([inert(sheet.subtitle)])
    page.append([inert(head) for head, _ in columns])
    for group in sheet.groups:
        page.append([inert(f"{group.title}　{len(group.rows)} 项")])
        page.merge_cells(start_row=page.max_row, end_row=page.max_row, start_column=1, end_column=len(columns))
        for row in group.rows:
            page.append([inert(each) for each in cells_of(row)])
    _lay_out(page, columns)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _lay_out(page: Worksheet, columns: Sequence[tuple[str, int]]) -> None:
    """Full grid, head kept in sight and repeated in print, A4 across, one page wide."""
    for place, (_, width) in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = width
    for row in page.iter_rows(min_row=HEAD_ROW):
        is_head = row[0].row == HEAD_ROW or not isinstance(row[0].value, int)
        for cell in row:
            cell.border = GRID
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            if is_head:
                cell.font, cell.fill = Font(bold=True), GREY
            elif cell.column in (9, 10, 11):
                cell.number_format = PERCENT
    page["A1"].font = Font(bold=True, size=14)
    page.freeze_panes = f"C{HEAD_ROW + 1}"
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
