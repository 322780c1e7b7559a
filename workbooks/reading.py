"""Reading a plan's sheets from a folder of CSV files or from a workbook that may be hostile."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings

from workbooks.cells import BLANK, Cell, CellKind, FoundSheet, Problem, Unusable

WALL_SECONDS = 20
LARGEST = 20 * 1024 * 1024  # bytes, a workbook or one CSV file


def read_workbook(path: Path) -> list[FoundSheet]:
    """Read an .xlsx in a process of its own, with limits on memory and time.

    Raises:
        Unusable: not a plain .xlsx, too large, or the reading was given up.
    """
    return found_sheets(_answer(path, "workbooks.parser", str(path.resolve()))["sheets"])


def read_template(path: Path) -> tuple[list[FoundSheet], list[tuple[str, str, str]]]:
    """Read an .xlsx as ``read_workbook``, with its names for single cells: (name, sheet, cell).

    Raises:
        Unusable: as there.
    """
    answer = _answer(path, "workbooks.parser", str(path.resolve()))
    return found_sheets(answer["sheets"]), [(name, sheet, cell) for name, sheet, cell in answer["names"]]


def fill_workbook(path: Path, cells: Iterable[Sequence[object]]) -> tuple[bytes, list[tuple[str, str, str]]]:
    """Write cells into a copy of an .xlsx, in a process of its own (``workbooks.filler`` says what of what).

    Returns the file, and what was left alone: (sheet, cell, why).

    Raises:
        Unusable: the file can't be read or written.
    """
    with TemporaryDirectory() as folder:
        target = Path(folder) / "filled.xlsx"
        given = json.dumps(list(cells), ensure_ascii=False).encode()
        answer = _answer(path, "workbooks.filler", str(path.resolve()), str(target), given=given)
        return target.read_bytes(), [(sheet, cell, words) for sheet, cell, words in answer["left"]]


def _answer(path: Path, module: str, *arguments: str, given: bytes = b"") -> dict[str, Any]:
    """What a module says of a file, in a process of its own."""
    if path.stat().st_size > LARGEST:
        raise _refused(path, f"文件超过 {LARGEST // 1024 // 1024} MB。请删去图片和多余的工作表。")
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"},
            input=given,
            capture_output=True,
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refused(path, f"{WALL_SECONDS} 秒内没有读完，已停止。请检查文件来源。") from None
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise _refused(path, _given_up(done.returncode)) from None
    if "refused" in answer:
        raise _refused(path, answer["refused"])
    return answer


def found_sheets(sheets: Iterable[Mapping[str, Any]]) -> list[FoundSheet]:
    """Make sheets of what the parser printed."""
    return [
        FoundSheet(sheet["title"], tuple(tuple(_cell(*found) for found in row) for row in sheet["rows"]))
        for sheet in sheets
    ]


def _given_up(code: int) -> str:
    """Why the process answered nothing: a limit ended it, or the file."""
    if code == -signal.SIGXCPU or code == -signal.SIGKILL:
        return "读取所需时间超过上限，没有打开。请检查文件来源。"
    if code == -signal.SIGABRT:
        return "读取文件所需内存超过上限，没有打开。请检查文件来源。"
    return "工作簿已损坏，或超出了读取的限度，没有打开。请重新另存一份。"


_KINDS = {kind.value: kind for kind in CellKind}


def _cell(kind: str, text: str, *result: str) -> Cell:
    return Cell(_KINDS[kind], text, _cell(*result) if result else None)


def read_folder(path: Path, titles: dict[str, str]) -> list[FoundSheet]:
    """Read a folder with a CSV file for each sheet; ``titles`` are the sheets' titles by file name (no extension).

    Raises:
        Unusable: a file that is no sheet of a plan, no UTF-8, or no CSV; all of them at once.
    """
    problems, sheets = [], []
    for file in sorted(path.glob("*.csv")):
        title = titles.get(file.stem)
        if title is None:
            known = "、".join(f"{name}.csv" for name in titles)
            problems.append(Problem(file.name, f"不是规划数据的文件。应为：{known}。"))
            continue
        try:
            sheets.append(FoundSheet(title, _csv_rows(file)))
        except Unusable as unusable:
            problems += unusable.problems
    if not sheets and not problems:
        problems.append(Problem(str(path), "文件夹里没有 CSV 文件。"))
    if problems:
        raise Unusable(problems)
    return sheets


def _csv_rows(file: Path) -> tuple[tuple[Cell, ...], ...]:
    content = file.read_bytes()
    if len(content) > LARGEST:
        raise _refused(file, f"文件超过 {LARGEST // 1024 // 1024} MB。")
    if b"\x00" in content:
        raise _refused(file, "不是文本文件（如把 Excel 工作簿改了扩展名）。请另存为“CSV UTF-8（逗号分隔）”。")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(file, _wrong_encoding(content)) from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        raise _refused(file, "引号或逗号不成对，读不出表格。请用 Excel 重新另存为“CSV UTF-8（逗号分隔）”。") from None
    return tuple(tuple(_text_cell(value) for value in row) for row in rows)


def _text_cell(value: str) -> Cell:
    stripped = value.strip()
    return Cell(CellKind.TEXT, stripped) if stripped else BLANK


def _wrong_encoding(content: bytes) -> str:
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "文件编码不是 UTF-8，读不出文字。请另存为“CSV UTF-8（逗号分隔）”。"
    return "文件编码像是 GBK，不是 UTF-8。请在 Excel 中另存为“CSV UTF-8（逗号分隔）”。"


def _refused(path: Path, words: str) -> Unusable:
    return Unusable([Problem(path.name, words)])
