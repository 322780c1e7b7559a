"""The empty workbook that a planner fills in: instructions, lists, one example row a sheet."""

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from audit.spreadsheets import inert
from workbooks.columns import EXPECTED, Column, Kind
from workbooks.plan_reading import INSTRUCTIONS
from workbooks.plan_sheets import EXAMPLE_MARK, REMARK, SHEETS, Sheet

LAST_ROW = 1000
LIST_LIMIT = 255  # characters of a list that stands in the cell's rule itself
REQUIRED = PatternFill("solid", fgColor="FFDCE6F2")
OPTIONAL = PatternFill("solid", fgColor="FFF0F0F0")
EXAMPLE = Font(italic=True, color="FF7F7F7F")
AS_TEXT = {Kind.TEXT, Kind.CODE, Kind.PRINTED, Kind.TASK, Kind.CHOICE}

HOW_TO = (
    "一份工作簿载入一个规划。先填“规划”“单位”“指标类别”“规划指标”四张表，其余各表有则填，没有则留空。",
    "表头不要改动；蓝底的列必填，灰底的列可以不填。各列填什么见下表。",
    f"每张表的第二行是示例，“{REMARK}”列以“{EXAMPLE_MARK}”开头的行在载入时跳过；填写时可以照着写，也可以删去。",
    "基数、目标和数值一律照原文填：数字、46.9%、＞60、-、——、/、47 + 1 + 3 都可以，系统另行理解其含义。",
    "不要用公式；从别处复制来的数，请选择性粘贴为数值。",
    "“来源”列：见于规划或报告的填“报告”；原文没有、为演示而设的填“演示假定”，页面上会标明。",
    "填好后先试载（load_plan 文件 --dry-run），逐项核对将新增和变更的内容，再正式载入。重复载入不会产生重复的内容。",
    "本系统为非涉密系统，严禁处理、存储、传输国家秘密。",
)


def write_template(to: Path) -> None:
    """Write the empty workbook; a file that stands there already is replaced."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _instructions(book.create_sheet(INSTRUCTIONS))
    for sheet in sorted(SHEETS, key=lambda sheet: sheet.name != "plan"):
        _sheet(book.create_sheet(sheet.title), sheet)
    book.save(to)


def _instructions(page: Worksheet) -> None:
    page.append(["规划数据填写说明"])
    page["A1"].font = Font(bold=True, size=14)
    for number, words in enumerate(HOW_TO, start=1):
        page.append([inert(f"{number}. {words}")])
    page.append([])
    page.append(["工作表", "列", "是否必填", "填什么", "说明", "示例"])
    for cell in page[page.max_row]:
        cell.font, cell.fill = Font(bold=True), REQUIRED
    for sheet in SHEETS:
        for column in sheet.columns:
            required = "必填" if column.is_required else ""
            told = (sheet.title, column.head, required, _what(column), column.hint, column.example)
            page.append([inert(text) for text in told])
    for letter, width in zip("ABCDEF", (14, 26, 10, 60, 40, 24), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"


def _what(column: Column) -> str:
    if column.choices:
        return "、".join(label for _, label in column.choices)
    longest = f"，不超过 {column.longest} 字" if column.longest and column.kind is Kind.TEXT else ""
    return EXPECTED[column.kind] + longest


def _sheet(page: Worksheet, sheet: Sheet) -> None:
    page.append([inert(column.head) for column in sheet.columns] + [inert(REMARK)])
    page.append([inert(_example(column)) for column in sheet.columns] + [inert(f"{EXAMPLE_MARK}（载入时跳过）")])
    for place, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(place)
        head = page.cell(1, place)
        head.font, head.fill = Font(bold=True), REQUIRED if column.is_required else OPTIONAL
        head.alignment = Alignment(wrap_text=True, vertical="top")
        page.column_dimensions[letter].width = 32 if column.longest and column.longest > 100 else 16
        for cell in page[letter][1:]:
            cell.font = EXAMPLE
        _format(page, letter, column)
        page.add_data_validation(_rule(column, f"{letter}3:{letter}{LAST_ROW}"))
    page.freeze_panes = "B2"


def _example(column: Column) -> str | int | None:
    if column.kind is Kind.WHOLE and column.example:
        return int(column.example)
    return inert(column.example) or None


def _format(page: Worksheet, letter: str, column: Column) -> None:
    """Tell Excel to leave what is typed as it is typed: no dates out of 2.3, no fractions out of 1/2."""
    written = "@" if column.kind in AS_TEXT else "yyyy-mm-dd" if column.kind is Kind.DATE else "General"
    page.column_dimensions[letter].number_format = written
    for row in range(2, 202):
        page[f"{letter}{row}"].number_format = written


def _rule(column: Column, cells: str) -> DataValidation:
    rule = DataValidation(allow_blank=True, showInputMessage=True, promptTitle=column.head[:32])
    labels = [label for _, label in column.choices] or (["是", "否"] if column.kind is Kind.YES_NO else [])
    listed = ",".join(labels)
    if labels and len(listed) <= LIST_LIMIT:
        rule.type, rule.formula1 = "list", f'"{listed}"'
        rule.showErrorMessage, rule.errorTitle, rule.error = True, "请从列表中选择", "、".join(labels)[:255]
    elif column.refers_to and column.kind is not Kind.TASK:
        rule.type, rule.formula1 = "list", _keys_of(column.refers_to)
    rule.prompt = ("必填。" if column.is_required else "") + (column.hint or _what(column))[:200]
    rule.add(cells)
    return rule


def _keys_of(name: str) -> str:
    """The cells of another sheet that hold what its rows are named by."""
    sheet = next(sheet for sheet in SHEETS if sheet.name == name)
    place = next(place for place, column in enumerate(sheet.columns, start=1) if column.field == sheet.key[0])
    letter = get_column_letter(place)
    return f"'{sheet.title}'!${letter}$2:${letter}${LAST_ROW}"
