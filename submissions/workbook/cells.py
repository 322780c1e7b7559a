"""A cell of a form's workbook as the words that a person would have typed, and what has to be said of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from arithmetic.as_of import read_as_of
from arithmetic.shown import day_in_words
from arithmetic.written import Unreadable, read_value
from submissions.models import Answer
from submissions.workbook.identity import as_typed
from submissions.workbook.rows import LABELS, STATES, in_sheet
from submissions.workbook.sheets import NO_DATA, NOT_APPLICABLE, VALUE, ZERO
from workbooks.cells import Cell, CellKind
from workbooks.columns import Column, Kind, Wrong, read_cell

NUMBERS = frozenset({VALUE.name, "last_year_text", "growth_text"})
_NONE = re.compile(rf"({NO_DATA}|{NOT_APPLICABLE})\s*(?:[（(](?P<bracketed>.*)[）)]|[：:，,]?(?P<told>.*))", re.DOTALL)
_CODES = {
    "expectation": {label: value for value, label in LABELS.items()},
    "state": {label: value for value, label in STATES.items()},
}


@dataclass(frozen=True)
class Words:
    """``warning`` is what a person must agree to before the cell is taken over."""

    text: str
    warning: str = ""


def words_of(name: str, cell: Cell) -> Words:
    """Return what a cell says.

    Raises:
        Wrong: a formula without a result, an error of the sheet, a day instead of a number, a number that lost digits.
    """
    match cell.kind:
        case CellKind.BLANK:
            return Words("")
        case CellKind.FORMULA:
            return _formula(name, cell)
        case CellKind.ERROR:
            raise Wrong(f"“{cell.text}”是表格的错误值，不是填报内容。请在表中改正后重新上传，或在填报表中直接填写。")
        case CellKind.IMPRECISE:
            raise Wrong(
                f"“{cell.text}”超过表格能准确保存的 15 位，可能已经不准。请把单元格设为文本格式后重填，或在填报表中直接填写。"
            )
        case CellKind.SCALED:
            return Words(cell.text, f"这一格的格式把数缩小显示，实际存的是 {cell.text}。请核对单位后再采用。")
        case CellKind.DATE:
            return _date(name, cell)
        case _:
            return Words(in_sheet(as_typed(cell.text)))


def _formula(name: str, cell: Cell) -> Words:
    result = cell.result
    shown = cell.text if len(cell.text) <= 40 else f"{cell.text[:40]}…"
    if result is None or result.is_blank:
        raise Wrong(
            f"这里是公式“{shown}”，文件中没有它的计算结果。请用 Excel 或 WPS 打开后保存一次，或改成数值，再重新上传。"
        )
    words = words_of(name, result)
    return Words(
        words.text, f"这里是公式“{shown}”，取其计算结果 {words.text}。请核对；公式引用的空格会算成 0。{words.warning}"
    )


def _date(name: str, cell: Cell) -> Words:
    if name in NUMBERS:
        raise Wrong(f"这里是日期 {cell.text}，不是数。可能是 Excel 自动改的，请重填数字。")
    if name != "as_of_text":
        return Words(cell.text)
    day = read_cell(Column(name, "", Kind.DATE), cell).values[name]
    return Words(day_in_words(day))


def same(name: str, one: str, other: str, unit: str = "") -> bool:
    """Whether two writings say the same: 9,741.43 and 9741.43, 2023-06-30 and 2023年6月30日."""
    if one == other:
        return True
    if not one or not other:
        return False
    if name in NUMBERS:
        first, second = (_number(text, "" if name == "growth_text" else unit) for text in (one, other))
        return first is not None and first == second
    if name == "as_of_text":
        try:
            return read_as_of(one)[0] == read_as_of(other)[0]
        except ValueError:
            return False
    return False


def _number(text: str, unit: str) -> Any:
    """The number with its parts, if it is one."""
    try:
        written = read_value(text, unit=unit)
    except Unreadable:
        return None
    return (written.value, written.parts) if written.value is not None else None


def number_in(name: str, text: str, unit: str) -> Decimal | None:
    """The number that a cell's words are understood as; None where they are none."""
    found = _number(text, "" if name == "growth_text" else unit) if name in NUMBERS else None
    return found[0] if found is not None else None


def canonical(text: str, explanation: str) -> str:
    """Return what stands under 本期 in the one way in which it is written: 0, 无数据：原因, or as it is.

    The reason for no data may stand in the cell itself or under 说明.

    Raises:
        Wrong: no data, and no reason.
    """
    if text == ZERO:
        return "0"
    found = _NONE.fullmatch(text)
    if found is None:
        return text
    reason = (found["bracketed"] or found["told"] or "").strip() or explanation.strip()
    if not reason:
        raise Wrong(f"填了“{found[1]}”，没有写原因。请写成“{found[1]}：原因”，或把原因写在“说明”一列。")
    return f"{NO_DATA}：{reason}" if found[1] == NO_DATA else f"{NO_DATA}：{NOT_APPLICABLE}：{reason}"


def arguments(name: str, text: str) -> Mapping[str, Any]:
    """Return the arguments of the verb that saves the cell: of its figure, or of its note.

    Raises:
        Wrong: a word that is not in the cell's list.
    """
    if name in _CODES:
        if text and text not in _CODES[name]:
            raise Wrong(f"“{text[:20]}”不在列表中。应为{'、'.join(_CODES[name])}之一。")
        return {name: _CODES[name].get(text, "")}
    if name != VALUE.name:
        return {name: text}
    if not text:
        return {"answer": Answer.BLANK, "value_text": "", "no_data_reason": "", "parts": []}
    if text.startswith(f"{NO_DATA}："):
        reason = text.removeprefix(f"{NO_DATA}：")
        return {"answer": Answer.NO_DATA, "value_text": "", "no_data_reason": reason, "parts": []}
    return {"answer": Answer.VALUE, "value_text": text, "no_data_reason": ""}
