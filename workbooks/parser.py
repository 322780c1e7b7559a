"""Takes a workbook apart, in a process of its own: ``python -m workbooks.parser FILE`` prints JSON.

Whatever a file does to this process (memory, time, a crash), the one that asked only loses this answer. The values are
calamine's; what it leaves out (formulas, errors, which number is shown as a percentage) are the marks of a first pass
over the same bytes: a percentage is kept as 46.9%, and a formula is never taken for its last result unseen.
"""

import gc
import io
import json
import resource
import sys
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from workbooks.container import Refused, plain_parts
from workbooks.markings import EXACT, Marks, marks_of
from workbooks.named import named_cells

MEMORY = 512 * 1024 * 1024  # bytes of address space
SECONDS = 18  # of processor time
CHARACTERS = 10_000  # of one cell
OUTPUT = 40 * 1024 * 1024
NOISE = 2  # digits at the end of a number that only the binary form has

Found = tuple[str, ...]  # kind, text; for a formula its last result too


def parse(path: Path) -> list[dict[str, Any]]:
    """Return each sheet's title and rows of cells, less the empty ones at the end of a row.

    Raises:
        Refused: no plain .xlsx, damaged, or too large.
    """
    return parsed(plain_parts(path))


def parsed(parts: dict[str, bytes]) -> list[dict[str, Any]]:
    """As ``parse``, of parts that were looked at."""
    marks = marks_of(parts)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts)))
        return [{"title": each.title, "rows": _rows(book, each)} for each in marks]
    except CalamineError:
        raise Refused("工作簿已损坏，打不开。请重新另存一份。") from None


def _packed(parts: dict[str, bytes]) -> bytes:
    """The looked-at parts, and these alone, as a container again."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return packed.getvalue()


def _rows(book: CalamineWorkbook, marks: Marks) -> list[list[Found]]:
    values = book.get_sheet_by_name(marks.title).to_python(skip_empty_area=False)
    if marks.cells and not values:  # an encoding that only one of the two passes understands
        raise Refused(f"工作表“{marks.title[:31]}”的内容读不出来，可能已损坏。请用 Excel 或 WPS 打开后重新另存。")
    for row, column in marks.formulas.keys() | marks.errors.keys():  # cells that calamine may see nothing in
        values.extend([] for _ in range(row + 1 - len(values)))
        values[row] += [""] * (column + 1 - len(values[row]))
    rows: list[list[Found]] = []
    is_plain = not (marks.formulas or marks.errors)
    for number, row_values in enumerate(values):
        cells = [
            ("text", text)
            if is_plain and type(value) is str and (text := value.strip()) and len(text) <= CHARACTERS
            else _cell(value, (number, column), marks)
            for column, value in enumerate(row_values)
        ]
        while cells and cells[-1][0] == "blank":
            cells.pop()
        rows.append(cells)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cell(value: Any, place: tuple[int, int], marks: Marks) -> Found:
    if place in marks.formulas:
        result = _value(value, place, marks)
        return "formula", marks.formulas[place], *(("blank", "") if place in marks.without_result else result)
    return _value(value, place, marks)


def _value(value: Any, place: tuple[int, int], marks: Marks) -> Found:
    if place in marks.errors:
        return "error", marks.errors[place]
    if isinstance(value, bool):
        return "yes_no", "是" if value else "否"
    if isinstance(value, datetime | date):
        return "date", value.strftime("%Y-%m-%d")
    if isinstance(value, int) or hasattr(value, "as_integer_ratio"):
        return _number(value, place, marks)
    text = str(value).strip()
    if not text:
        return "blank", ""
    if len(text) > CHARACTERS:
        raise Refused(f"{marks.title[:31]} 第 {place[0] + 1} 行有超过 {CHARACTERS} 字的文字。")
    return "text", text


def _number(value: Any, place: tuple[int, int], marks: Marks) -> Found:
    """Write a number of the file exactly, as the sheet shows it: 0.1 + 0.2 is 0.3 there, 0.469 in percent 46.9%."""
    exact = Decimal(repr(value))
    is_short = (
        exact.is_finite() and -12 < exact.adjusted() < 12 and len(repr(value)) < 12
    )  # nothing to make shorter, nothing lost
    if is_short and place not in marks.percent and place not in marks.scaled and place not in marks.too_long:
        return "number", format(exact.normalize(), "f")
    if not exact.is_finite():
        return "error", str(exact)
    if place in marks.too_long:
        return "imprecise", marks.too_long[place]
    if len(exact.as_tuple().digits) > EXACT:
        shorter = Decimal(f"{exact:.{EXACT - 1}e}").normalize()
        exact = shorter if len(shorter.as_tuple().digits) <= EXACT - NOISE else exact
    if place in marks.percent:
        return "number", f"{(exact * 100).normalize():f}%"
    return "scaled" if place in marks.scaled else "number", format(exact.normalize(), "f")


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.disable()  # a short life with many small things and no cycles
    try:
        parts = plain_parts(Path(path))
        answer = json.dumps({"sheets": parsed(parts), "names": named_cells(parts)}, ensure_ascii=False)
        if len(answer) > OUTPUT:
            raise Refused("工作簿的内容太多，没有载入。请用模板填写，或分次载入。")
    except Refused as refused:
        answer = json.dumps({"refused": str(refused)}, ensure_ascii=False)
    except MemoryError:
        answer = json.dumps({"refused": "读取文件所需内存超过上限，没有打开。请检查文件来源。"}, ensure_ascii=False)
    sys.stdout.write(answer)


if __name__ == "__main__":
    main(sys.argv[1])
