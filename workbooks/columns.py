"""Columns as declarations: what a cell of each may hold, and how its text becomes a typed value."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from arithmetic.written import Unreadable, Written, read_number
from workbooks.cells import Cell, CellKind

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_TASK = re.compile(r"\d{1,3}\.\d{1,3}")
_WHOLE = re.compile(r"\d{1,9}")


_YES_NO_NUMBERS = {"是": Decimal(1), "否": Decimal(0)}


class Kind(StrEnum):
    TEXT = "text"
    CODE = "code"
    WHOLE = "whole"
    NUMBER = "number"
    PRINTED = "printed"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    TASK = "task"


EXPECTED = {
    Kind.TEXT: "文字",
    Kind.CODE: "小写字母、数字和连字符组成的代码",
    Kind.WHOLE: "整数",
    Kind.NUMBER: "数字",
    Kind.PRINTED: "文件上印的数（可为 46.9%、＞60、-、——、/、47 + 1 + 3）",
    Kind.DATE: "日期（如 2018-06-30）",
    Kind.CHOICE: "列表中的一项",
    Kind.YES_NO: "“是”或“否”",
    Kind.TASK: "章号和任务序号（如 2.3）",
}


@dataclass(frozen=True)
class Column:
    """A column of a sheet, by the model's field; the head is the field's own words unless given.

    ``value_field`` takes the number that a PRINTED cell means, ``unit_column`` the column with its unit (or ``unit``
    tells it). ``refers_to`` names the sheet whose rows the cell picks one of.
    """

    field: str
    head: str
    kind: Kind = Kind.TEXT
    is_required: bool = False
    longest: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    refers_to: str = ""
    value_field: str = ""
    default: Any = ""
    hint: str = ""
    example: str = ""


@dataclass(frozen=True)
class Typed:
    """What a cell means: values by field, and a sentence where it was read otherwise than it stands."""

    values: dict[str, Any]
    understood: str = ""
    written: Written | None = None


class Wrong(ValueError):
    """A cell that holds something else than its column takes; the words quote it and say what is expected."""


def read_cell(column: Column, cell: Cell, *, unit: str = "") -> Typed:
    """Make a cell's text the typed value, or values, of its column.

    Raises:
        Wrong: with what is there and what is expected.
    """
    if cell.kind is CellKind.FORMULA:
        raise Wrong(
            f"这里是公式“{cell.text}”，应为{EXPECTED[column.kind]}。请改成计算后的值（复制后选择性粘贴为数值）。"
        )
    if cell.kind is CellKind.ERROR:
        raise Wrong(f"这里是错误值“{cell.text}”，应为{EXPECTED[column.kind]}。请在原表改正后再填。")
    if cell.kind is CellKind.IMPRECISE:
        raise Wrong(
            f"这里是“{cell.text}”，超过表格能准确保存的 15 位，应为{_expected(column)}。请把单元格格式设为文本后重填。"
        )
    if cell.is_blank:
        if column.is_required:
            raise Wrong(f"这里是空的，应为{_expected(column)}。")
        return Typed(_blank(column))
    if cell.kind is CellKind.DATE and column.kind is not Kind.DATE:
        raise Wrong(f"这里是日期 {cell.text}，应为{_expected(column)}。请把单元格格式设为文本后重填。")
    return _READERS[column.kind](column, cell.text, unit)


def _expected(column: Column) -> str:
    if column.kind is Kind.CHOICE:
        return "、".join(f"“{label}”" for _, label in column.choices) + "之一"
    return EXPECTED[column.kind]


def _blank(column: Column) -> dict[str, Any]:
    values = {column.field: column.default}
    if column.value_field:
        values[column.value_field] = None
    return values


def _wrong(column: Column, text: str) -> Wrong:
    shown = text if len(text) <= 60 else f"{text[:60]}…"
    return Wrong(f"这里是“{shown}”，应为{_expected(column)}。")


def _text(column: Column, text: str, unit: str) -> Typed:
    if column.longest is not None and len(text) > column.longest:
        raise Wrong(f"这里有 {len(text)} 字（“{text[:20]}…”），应为不超过 {column.longest} 字的文字。")
    if any(ord(character) < 32 and character not in "\n\r\t" for character in text):
        raise Wrong("这里有无法保存的控制字符，应为普通文字。")
    return Typed({column.field: text.replace("\r\n", "\n").replace("\r", "\n")})


def _code(column: Column, text: str, unit: str) -> Typed:
    if not _CODE.fullmatch(text):
        raise _wrong(column, text)
    return Typed({column.field: text})


def _whole(column: Column, text: str, unit: str) -> Typed:
    try:
        written = read_number(text)
    except Unreadable:
        raise _wrong(column, text) from None
    number = written.value
    if number is None or written.bound or written.parts or number != number.to_integral_value() or number < 0:
        raise _wrong(column, text)
    if not _WHOLE.fullmatch(format(number, "f").partition(".")[0]):
        raise _wrong(column, text)
    return Typed({column.field: int(number)}, understood=written.understood_as)


def _number(column: Column, text: str, unit: str) -> Typed:
    written = _read(column, text, unit)
    if written.value is None or written.bound or written.parts:
        raise _wrong(column, text)
    return Typed({column.field: written.value}, understood=written.understood_as)


def _printed(column: Column, text: str, unit: str) -> Typed:
    if column.longest is not None and len(text) > column.longest:
        raise _wrong(column, text)
    values: dict[str, Any] = {column.field: text}
    if text in _YES_NO_NUMBERS:
        return Typed(values | ({column.value_field: _YES_NO_NUMBERS[text]} if column.value_field else {}))
    written = _read(column, text, unit)
    if column.value_field:
        values[column.value_field] = written.value
    needs_telling = written.understood_as and not (written.bound or written.parts)
    return Typed(values, understood=written.understood_as if needs_telling else "", written=written)


def _read(column: Column, text: str, unit: str) -> Written:
    try:
        written = read_number(text, unit=unit)
    except Unreadable as unreadable:
        raise Wrong(f"这里是“{text[:60]}”，应为{_expected(column)}：{unreadable.why}") from None
    if written.value is not None and not _fits(written.value):
        raise _wrong(column, text)
    return written


def _fits(value: Decimal) -> bool:
    """Whether the database keeps it exactly: 18 digits before the point, 6 behind."""
    exponent = value.normalize().as_tuple().exponent
    return abs(value) < Decimal(10) ** 18 and isinstance(exponent, int) and exponent >= -6


def _day(column: Column, text: str, unit: str) -> Typed:
    found = _DAY.fullmatch(text)
    try:
        return Typed({column.field: date(*map(int, found.groups()))}) if found else _never(column, text)
    except ValueError:
        raise _wrong(column, text) from None


def _never(column: Column, text: str) -> Typed:
    raise _wrong(column, text)


def _choice(column: Column, text: str, unit: str) -> Typed:
    for value, label in column.choices:
        if text == label:
            return Typed({column.field: value})
    raise _wrong(column, text)


def _yes_no(column: Column, text: str, unit: str) -> Typed:
    if text not in ("是", "否"):
        raise _wrong(column, text)
    return Typed({column.field: text == "是"})


def _task(column: Column, text: str, unit: str) -> Typed:
    if not _TASK.fullmatch(text):
        raise _wrong(column, text)
    return Typed({column.field: text})


_READERS: dict[Kind, Callable[[Column, str, str], Typed]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.WHOLE: _whole,
    Kind.NUMBER: _number,
    Kind.PRINTED: _printed,
    Kind.DATE: _day,
    Kind.CHOICE: _choice,
    Kind.YES_NO: _yes_no,
    Kind.TASK: _task,
}
