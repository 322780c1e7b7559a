"""Takes a workbook apart, in a process of its own: ``python -m workbooks.parser FILE`` prints JSON.

Whatever a file does to this process (memory, time, a crash), the one that asked only loses this answer. One reader
sees value, formula and number format of the same cell, which is why it is openpyxl: a percentage is kept as 46.9%,
and a formula is never taken for its last result.
"""

import json
import resource
import sys
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

MEMORY = 1024 * 1024 * 1024  # bytes of address space
SECONDS = 20  # of processor time
UNPACKED = 60 * 1024 * 1024  # bytes, all parts of the file together
PACKING = 200  # times smaller than unpacked: no honest sheet is
SHEETS, ROWS, COLUMNS, CHARACTERS = 40, 5000, 80, 10_000
OUTPUT = 20 * 1024 * 1024

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Refused(Exception):
    """The file is none that we read; the words say what it is and what to do."""


def look(path: Path) -> None:
    """Refuse what is no plain .xlsx before anything is unpacked.

    Raises:
        Refused: with a sentence of its own for each kind of file.
    """
    start = path.read_bytes()[:65536]
    if not start:
        raise Refused("文件是空的。请重新另存为 Excel 工作簿（.xlsx）。")
    if start.startswith(OLE2):
        raise Refused(_ole2(path.read_bytes()))
    if start.startswith(b"%PDF"):
        raise Refused("这是 PDF 文件，读不出表格。请用 Excel 工作簿（.xlsx）。")
    if not zipfile.is_zipfile(path):
        raise Refused(_not_a_package(start))
    with zipfile.ZipFile(path) as package:
        _package(package)


def _ole2(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "工作簿设有打开密码，读不出内容。请取消密码后另存。"
    return "这是旧版 Excel 文件（.xls）。请在 Excel 中另存为“Excel 工作簿（.xlsx）”。"


def _not_a_package(start: bytes) -> str:
    if start.startswith(b"PK"):
        return "工作簿已损坏，打不开。请重新另存一份。"
    if b"<html" in start[:2000].lower() or b"<table" in start[:2000].lower():
        return "这是网页，只是扩展名改成了 .xlsx。请用 Excel 打开后另存为 Excel 工作簿（.xlsx）。"
    if b"\x00" not in start:
        return "这是文本（如 CSV），只是扩展名改成了 .xlsx。请用 Excel 打开后另存为 Excel 工作簿（.xlsx）。"
    return "这不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。"


def _package(package: zipfile.ZipFile) -> None:
    names = {info.filename.lower() for info in package.infolist()}
    unpacked = sum(info.file_size for info in package.infolist())
    packed = max(1, sum(info.compress_size for info in package.infolist()))
    if unpacked > UNPACKED or unpacked // packed > PACKING:
        raise Refused("文件解压后过大，不像正常的工作簿，没有打开。请检查文件来源。")
    if any(info.flag_bits & 1 for info in package.infolist()):
        raise Refused("压缩包设有密码，读不出内容。请取消密码后另存为 Excel 工作簿（.xlsx）。")
    if "xl/workbook.bin" in names:
        raise Refused("这是二进制工作簿（.xlsb）。请在 Excel 中另存为“Excel 工作簿（.xlsx）”。")
    if "xl/vbaproject.bin" in names:
        raise Refused("工作簿中有宏，出于安全没有打开。请另存为不含宏的“Excel 工作簿（.xlsx）”。")
    if "word/document.xml" in names:
        raise Refused("这是 Word 文档，不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。")
    if "ppt/presentation.xml" in names:
        raise Refused("这是演示文稿，不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。")
    if "content.xml" in names:
        raise Refused("这是 OpenDocument 表格（.ods）。请另存为“Excel 工作簿（.xlsx）”。")
    if "xl/workbook.xml" not in names:
        raise Refused("这是压缩包，不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。")


def parse(path: Path) -> list[dict[str, Any]]:
    """Return each sheet's title and rows of ``[kind, text]`` cells, less the empty ones at the end of a row.

    Raises:
        Refused: too many sheets, rows or columns.
    """
    book = load_workbook(path, read_only=True, data_only=False, keep_links=False)
    if len(book.worksheets) > SHEETS:
        raise Refused(f"工作簿有 {len(book.worksheets)} 张工作表，最多 {SHEETS} 张。")
    return [{"title": sheet.title, "rows": _rows(sheet)} for sheet in book.worksheets]


def _rows(sheet: Any) -> list[list[tuple[str, str]]]:
    sheet.reset_dimensions()
    rows: list[list[tuple[str, str]]] = []
    for row in sheet.iter_rows():
        cells = [_cell(cell) for cell in row]
        while cells and cells[-1][0] == "blank":
            cells.pop()
        if len(cells) > COLUMNS:
            raise Refused(f"工作表“{sheet.title}”第 {len(rows) + 1} 行超过 {COLUMNS} 列。请用模板填写。")
        rows.append(cells)
        if len(rows) > ROWS:
            raise Refused(f"工作表“{sheet.title}”超过 {ROWS} 行。请删去表后的空行，或分次载入。")
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cell(cell: Any) -> tuple[str, str]:
    value, kind = cell.value, getattr(cell, "data_type", "n")
    if value is None or (isinstance(value, str) and not value.strip()):
        return "blank", ""
    if kind == "f":
        return "formula", str(getattr(value, "text", value))[:CHARACTERS]
    if kind == "e":
        return "error", str(value)
    if isinstance(value, bool):
        return "yes_no", "是" if value else "否"
    if isinstance(value, datetime | date):
        return "date", value.strftime("%Y-%m-%d")
    if isinstance(value, time | str):
        text = str(value).strip()
        if len(text) > CHARACTERS:
            raise Refused(f"{cell.coordinate} 的文字超过 {CHARACTERS} 字。")
        return "text", text
    return "number", _number(value, str(getattr(cell, "number_format", "")))


def _number(value: Any, number_format: str) -> str:
    """Write a number of the file exactly; in a cell formatted as a percentage 0.469 reads 46.9%."""
    exact = Decimal(repr(value)) if not isinstance(value, int) else Decimal(value)
    if not exact.is_finite():
        return str(exact)
    if "%" in number_format:
        return f"{(exact * 100).normalize():f}%"
    plain = exact.normalize()
    return format(plain, "f")


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        look(Path(path))
        answer = json.dumps({"sheets": parse(Path(path))}, ensure_ascii=False)
        if len(answer) > OUTPUT:
            raise Refused("工作簿的内容太多，没有载入。请用模板填写，或分次载入。")
    except Refused as refused:
        answer = json.dumps({"refused": str(refused)}, ensure_ascii=False)
    except MemoryError:
        answer = json.dumps({"refused": "读取文件所需内存超过上限，没有打开。请检查文件来源。"}, ensure_ascii=False)
    sys.stdout.write(answer)


if __name__ == "__main__":
    main(sys.argv[1])
