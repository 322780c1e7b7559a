"""Fills cells of somebody's workbook, in a process of its own: ``python -m workbooks.filler FROM TO`` with JSON on stdin.

The cells are ``[sheet, cell, kind, text, over]``: ``text``; ``number``; ``percent``, a number in percent, which a cell that is
formatted as a percentage gets as a ratio. A formula is left alone unless ``over`` is true; nothing is evaluated. What
couldn't be written is printed as ``{"left": [[sheet, cell, words], …]}``. Formats, merged cells and formulas stay.
"""

import io
import json
import resource
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell

from audit.spreadsheets import inert
from workbooks.container import Refused, plain_parts
from workbooks.markings import EXACT, marks_of
from workbooks.parser import MEMORY, SECONDS


def fill(source: Path, target: Path, cells: list[list[Any]]) -> list[list[str]]:
    """Write the cells into a copy; return those that were left alone, each with the reason.

    Raises:
        Refused: the source is no plain .xlsx, damaged, or too large.
    """
    marks_of(plain_parts(source))  # what was let in once may have come another way
    book = load_workbook(io.BytesIO(source.read_bytes()), rich_text=True)
    left = []
    for sheet, place, kind, text, over in cells:
        if sheet not in book.sheetnames:
            left.append([sheet, place, "模板中没有这张工作表"])
            continue
        cell = book[sheet][place]
        why = _why_not(cell, kind, over)
        if why:
            left.append([sheet, place, why])
        else:
            cell.value = inert(_written(cell, kind, text))
            cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
    if book.calculation is not None:
        book.calculation.fullCalcOnLoad = True
    book.save(target)
    return left


def _why_not(cell: Any, kind: str, over: bool) -> str:
    if isinstance(cell, MergedCell):
        return "是合并单元格的一部分，请改用合并区左上角的单元格"
    if cell.data_type == "f" and not over:
        return "模板中是公式，没有改写"
    if kind == "number" and "%" in str(cell.number_format):
        return "模板中是百分比格式，与数据的单位不符"
    return ""


def _written(cell: Any, kind: str, text: str) -> Any:
    if kind == "text":
        return text
    number = Decimal(text)
    if kind == "percent" and "%" in str(cell.number_format):
        number = number / 100
    return number if len(number.normalize().as_tuple().digits) <= EXACT else f"{number:f}"


def main(source: str, target: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"left": fill(Path(source), Path(target), json.load(sys.stdin))}
    except Refused as refused:
        answer = {"refused": str(refused)}
    except MemoryError:
        answer = {"refused": "填写模板所需内存超过上限，没有导出。请删去模板中多余的格式和工作表。"}
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):
        answer = {"refused": "模板中有不能保留的内容，没有导出。请用 Excel 重新另存为普通的 .xlsx 后更换模板。"}
    sys.stdout.write(json.dumps(answer, ensure_ascii=False))


if __name__ == "__main__":
    main(*sys.argv[1:3])
