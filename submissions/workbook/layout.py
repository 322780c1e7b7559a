"""The workbook that is handed out: protected, with one column for the numbers of this period."""

import io
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from arithmetic.shown import day_in_words
from audit.clock import now
from audit.spreadsheets import inert
from indicators.models import TargetForm
from submissions.models import Figure, Submission
from submissions.workbook.identity import identity_rows
from submissions.workbook.rows import LABELS, STATES, Row, rows_of
from submissions.workbook.sheets import (
    COLUMNS,
    FIGURES,
    IDENTITY,
    INSTRUCTIONS,
    KEY,
    NO_DATA,
    NOTES,
    NUMBER,
    REPLY,
    VALUE,
    ZERO,
    Column,
)
from workbooks.markings import EXACT

SECRECY = "非涉密系统，严禁处理、存储、传输国家秘密"
HEAD_ROW = 4
LINE_HEIGHT, TALLEST = 16, 400  # points
FONT = "微软雅黑"
GREY, INPUT, MAIN = (PatternFill("solid", fgColor=colour) for colour in ("E9EDF1", "FFFFFF", "E9EFF7"))
LINE = Side("thin", "76818D")
GRID = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
THICK = Side("medium", "14427E")
OPEN = Protection(locked=False)
HOW_TO = (
    "蓝底的“本期”一列是要填的数；白底的各列是补充内容，有则填，没有则留空。灰底的格子供查看，已锁定。",
    "数字按“单位”一列的单位填。如单位为亿元，填 9741.43，不要填 97414300；单位为 %，百分之四十六点九填 46.9。",
    "空着、0 和无数据是三件事：空着表示还没有填；确实为零填 0；没有数据填“无数据：原因”。",
    "有“其中：”分项的，分项和总数都要填，总数不会自动相加。",
    "“截至日期”可写成 2023年6月30日、2023年5月、2022年底；不填为报告期末。",
    "请填数值，不要填公式。从别处复制来的数，请用选择性粘贴，只粘贴数值。",
    "可以调整列宽、隐藏列。需要排序或增删行列的，先撤消工作表保护（没有密码）；系统按隐藏的行标识和指标名称识别各行。",
    "口径见指标名称上的批注，退回理由见“本期”上的批注。",
    "填好后在填报表页面上传，先核对差异，勾选后才保存。只填了一部分也可以上传；同一份文件重复上传不会改变什么。",
)


def workbook_of(submission: Submission) -> bytes:
    """Return the form as an .xlsx, as it is now."""
    rows = rows_of(submission)
    book = Workbook()
    book.remove(book.worksheets[0])
    for title in (FIGURES, NOTES):
        asked = [row for row in rows if row.sheet == title]
        if asked or title == FIGURES:
            _Page(book.create_sheet(title), title, asked).fill(submission)
    _instructions(book.create_sheet(INSTRUCTIONS), submission)
    hidden = book.create_sheet(IDENTITY)
    for each in identity_rows(submission, rows, timezone.localtime(now())):
        hidden.append([inert(text) for text in each])
    hidden.sheet_state = "hidden"
    hidden.protection.enable()
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


class _Page:
    """One sheet being laid out."""

    def __init__(self, page: Worksheet, title: str, rows: list[Row]) -> None:
        self.page, self.title, self.rows = page, title, rows
        is_returned = any(row.reasons for row in rows)
        self.columns = [column for column in COLUMNS[title] if is_returned or column is not REPLY]
        self.lists: dict[str, DataValidation] = {}

    def fill(self, submission: Submission) -> None:
        self._head(submission)
        group = ""
        for row in self.rows:
            if row.group != group:
                group = row.group
                self._group(group)
            self._row(row)
        for rule in self.lists.values():
            self.page.add_data_validation(rule)
        for number in range(HEAD_ROW, self.page.max_row + 1):
            self.page.row_dimensions[number].height = self._height(number)
        self._set_up()

    def _head(self, submission: Submission) -> None:
        period = submission.period
        deadline = timezone.localtime(submission.deadline)
        self.page.append([inert(f"{period.plan.display_name}　{period.name}{self.title}")])
        self.page.append(
            [
                inert(
                    f"填报单位：{submission.organisation_name}　报告期：{day_in_words(period.starts_on)}至"
                    f"{day_in_words(period.ends_on)}　报送时限：{day_in_words(deadline.date())} {deadline:%H:%M}　{SECRECY}"
                )
            ]
        )
        self.page.append(
            [
                inert(
                    "蓝底、白底的格子可以填写，灰底的供查看。没有数据填“无数据：原因”，确实为零填 0。"
                    f"详见“{INSTRUCTIONS}”。"
                )
            ]
        )
        self.page.append([inert(column.head) for column in self.columns])
        self.page["A1"].font = Font(name=FONT, bold=True, size=14)
        for row in (2, 3):
            self.page.cell(row, 1).font = Font(name=FONT, size=9, color="4A5765")
        for cell, column in zip(self.page[HEAD_ROW], self.columns, strict=True):
            cell.font = Font(name=FONT, bold=True, size=10, color="FFFFFF" if column is VALUE else "1C2733")
            cell.fill = PatternFill("solid", fgColor="14427E") if column is VALUE else GREY
            cell.border, cell.alignment = GRID, Alignment("center", "center", wrap_text=True)

    def _group(self, title: str) -> None:
        self.page.append([inert(title)])
        for cell in self.page[self.page.max_row]:
            cell.font, cell.fill = Font(name=FONT, bold=True, size=10), GREY

    def _row(self, row: Row) -> None:
        number = self.page.max_row + 1
        for place, column in enumerate(self.columns, start=1):
            cell = self.page.cell(number, place)
            value = _shown(row, column)
            cell.value = inert(value)
            is_input = row.is_open and column.name in row.inputs
            _dress(cell, column, is_input=is_input)
            if isinstance(value, Decimal) and not column.is_input:
                places = max(0, -int(value.normalize().as_tuple().exponent))
                cell.number_format = "#,##0" + ("." + "0" * places if places else "")
            if is_input:
                self._rule(row, column).add(cell.coordinate)
            if words := _comment(row, column):
                cell.comment = Comment(words, "系统", height=20 + 18 * (1 + len(words) // 18), width=260)

    def _height(self, number: int) -> int:
        """Points for a row's longest text; programs differ in whether they measure wrapped text themselves."""
        if number > HEAD_ROW and self.page.cell(number, len(self.columns)).value is None:
            return LINE_HEIGHT + 6
        lines = [
            _lines(str(cell.value or ""), column.width)
            for cell, column in zip(self.page[number], self.columns, strict=True)
            if column.name != KEY
        ]
        return min(TALLEST, LINE_HEIGHT * max(lines) + 6)

    def _rule(self, row: Row, column: Column) -> DataValidation:
        """What the sheet offers where a cell is filled in; only closed lists forbid anything else."""
        listed = _listed(row, column)
        known = self.lists.get(f"{column.name}/{listed}")
        if known is None:
            known = DataValidation(type="list" if listed else None, formula1=listed or None, allow_blank=True)
            known.showInputMessage, known.promptTitle, known.prompt = True, column.head[:32], column.prompt[:255]
            if column.name in ("expectation", "state"):
                known.showErrorMessage, known.errorTitle, known.error = (
                    True,
                    "请从列表中选择",
                    "列表以外的内容不能识别。",
                )
            self.lists[f"{column.name}/{listed}"] = known
        return known

    def _set_up(self) -> None:
        page = self.page
        for place, column in enumerate(self.columns, start=1):
            letter = get_column_letter(place)
            page.column_dimensions[letter].width = column.width
            page.column_dimensions[letter].hidden = column.name == KEY
        page.freeze_panes = f"{get_column_letter(4 if self.title == NOTES else 3)}{HEAD_ROW + 1}"
        page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
        page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
        page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        page.oddFooter.center.text = "第 &P 页，共 &N 页"  # type: ignore[union-attr]
        margins = page.page_margins
        margins.left = margins.right = margins.footer = Decimal("0.3")
        margins.top = margins.bottom = Decimal("0.7")
        page.sheet_view.zoomScale = 100
        page.protection.enable()
        for allowed in ("formatCells", "formatColumns", "formatRows"):
            setattr(page.protection, allowed, False)  # what is False there is not forbidden


def _shown(row: Row, column: Column) -> Any:
    """A cell's content: numbers as numbers, unless a sheet would lose digits of them."""
    if column.name == KEY:
        return row.key
    if column.is_input:
        text = row.texts.get(column.name, "")
        return _as_number(text) if column.is_figure else text or None
    if column is NUMBER:
        return int(row.number) if row.number.isdecimal() else row.number
    if column.name in row.numbers and len(row.numbers[column.name].normalize().as_tuple().digits) <= EXACT:
        is_plain = (
            row.shown.get(column.name, "").replace(",", "").replace("−", "-").lstrip("-").replace(".", "").isdecimal()
        )
        return row.numbers[column.name] if is_plain else row.shown[column.name]
    return {"name": row.name, "unit": row.unit}.get(column.name, row.shown.get(column.name, "")) or None


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column; a Chinese character is as wide as two digits."""
    room = max(2, width - 2)
    wide = [sum(2 if ord(character) > 0x2E7F else 1 for character in line) for line in text.split("\n")]
    return sum(max(1, -(-each // room)) for each in wide)


def _as_number(text: str) -> Decimal | str | None:
    bare = text.removeprefix("-")
    if not bare.replace(".", "", 1).isdecimal() or not bare.isascii():
        return text or None
    number = Decimal(text)
    return number if len(number.normalize().as_tuple().digits) <= EXACT else text


def _dress(cell: Any, column: Column, *, is_input: bool) -> None:
    cell.font = Font(name=FONT, size=10, bold=is_input and column is VALUE)
    cell.border = Border(left=THICK, right=THICK, top=LINE, bottom=LINE) if column is VALUE else GRID
    cell.fill = GREY if not is_input else MAIN if column is VALUE else INPUT
    across = "right" if column.is_figure else "center" if column.name in ("number", "unit", "kind") else "left"
    cell.alignment = Alignment(across, "center", wrap_text=True, indent=0 if across == "center" else 1)
    if is_input:
        cell.protection = OPEN
        cell.number_format = "@" if column.is_kept_as_typed else "General"


def _comment(row: Row, column: Column) -> str:
    if column.name == "name" and row.definition:
        return f"口径：{row.definition}"[:1500]
    if row.reasons and column.name in (VALUE.name, "state"):
        return ("退回理由：\n" + "\n".join(f"· {reason}" for reason in row.reasons))[:1500]
    return ""


def _listed(row: Row, column: Column) -> str:
    """The list that a cell offers, as a rule of the sheet has it."""
    offered: Iterable[str] = ()
    if column.name == "expectation":
        offered = LABELS.values()
    elif column.name == "state":
        offered = STATES.values()
    elif column is VALUE and row.part is None and isinstance(row.owner, Figure):
        is_question = row.owner.indicator.target_form == TargetForm.YES_NO
        offered = ("是", "否", NO_DATA) if is_question else (ZERO, NO_DATA)
    joined = ",".join(offered)
    return f'"{joined}"' if joined else ""


def _instructions(page: Worksheet, submission: Submission) -> None:
    page.append(["填写说明"])
    page["A1"].font = Font(name=FONT, bold=True, size=14)
    consultation = submission.period.plan.consultation
    lines = [*HOW_TO, *([f"填报咨询：{consultation}。"] if consultation else []), f"{SECRECY}。"]
    for number, words in enumerate(lines, start=1):
        page.append([inert(f"{number}. {words}")])
        page.cell(page.max_row, 1).font = Font(name=FONT, size=11)
        page.cell(page.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
    page.column_dimensions["A"].width = 100
    page.page_setup.orientation, page.page_setup.paperSize = "portrait", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    page.protection.enable()
