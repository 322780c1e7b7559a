"""The defined names of a workbook that mean one cell; runs without Django."""

import re
from xml.parsers import expat

from workbooks.container import Refused

NAMES = 2000
_ONE_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]:]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})")


def named_cells(parts: dict[str, bytes]) -> list[tuple[str, str, str]]:
    """Return (name, sheet, cell) for each visible name that stands for one cell of the workbook, in its order.

    Raises:
        Refused: there are more names than anybody gives.
    """
    content = next((part for name, part in parts.items() if name.lower() == "xl/workbook.xml"), b"")
    found: list[tuple[str, str, str]] = []
    for name, words in _texts(content):
        cell = _ONE_CELL.fullmatch(words.strip())
        if cell is not None and not name.startswith("_xlnm"):
            sheet = (cell[1] or cell[2]).replace("''", "'")
            found.append((name, sheet, f"{cell[3]}{cell[4]}"))
    if len(found) > NAMES:
        raise Refused(f"工作簿中定义了超过 {NAMES} 个名称，不像正常的模板，没有打开。")
    return found


def _texts(content: bytes) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    inside: list[str] = []
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "definedName" and attributes.get("hidden", "0") not in ("1", "true"):
            inside.append(attributes.get("name", ""))
            text.clear()

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] == "definedName" and inside:
            found.append((inside.pop(), "".join(text)))

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = lambda data: text.append(data) if inside else None
    parser.Parse(content, True)  # the marks were made of the same bytes, and found them to be XML
    return found
