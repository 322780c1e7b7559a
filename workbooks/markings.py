"""What stands in a sheet beside its values: where cells are, which hold formulas, errors, percentages.

A first pass over the XML, one small record for each cell that needs one. It runs before the values are read, so that a
cell in the sheet's last corner, or one that isn't a number, is named by its address. Runs without Django.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from posixpath import join, normpath
from xml.parsers import expat

from workbooks.container import Refused

SHEETS, ROWS, COLUMNS, CELLS = 40, 20_000, 80, 500_000
LONGEST = 32_767  # characters of a cell, as Excel has it
EXACT = 15  # digits that a sheet's number keeps
AS_PRINTED = 17  # digits that Excel writes of one
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FORMAT_WORDS = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_BUILTIN_PERCENT = {9, 10}
_SHORT = re.compile(r"-?[0-9]{1,10}(?:\.[0-9]{1,5})?", re.ASCII)  # numbers with which nothing can be wrong
_DAMAGED = "工作簿已损坏，打不开。请重新另存一份。"


@dataclass(slots=True)
class Marks:
    """The cells of one sheet by (row, column), counted from 0, that need more than their value."""

    title: str
    cells: int = 0
    """How many hold something."""
    formulas: dict[tuple[int, int], str] = field(default_factory=dict)
    without_result: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: set[tuple[int, int]] = field(default_factory=set)
    scaled: set[tuple[int, int]] = field(default_factory=set)
    too_long: dict[tuple[int, int], str] = field(default_factory=dict)
    """Numbers that no sheet keeps exactly, as they are written in the file."""


def marks_of(parts: dict[str, bytes]) -> list[Marks]:
    """Return the marks of each sheet, in the workbook's order.

    Raises:
        Refused: a part is missing or no XML, a cell far outside, twice, or not of its type; the words name the cell.
    """
    by_name = {name.lower(): content for name, content in parts.items()}
    _look_at_relations(by_name)
    sheets = _sheets(by_name)
    if not sheets:
        raise Refused("工作簿中没有工作表。请重新下载填报表后填写。")
    if len(sheets) > SHEETS:
        raise Refused(f"工作簿有 {len(sheets)} 张工作表，最多 {SHEETS} 张。")
    titles = [title for title, _ in sheets]
    if len(set(titles)) < len(titles):
        raise Refused("工作簿中有同名的工作表，无法判断以哪一张为准。请改名后另存。")
    _look_at_texts(by_name.get("xl/sharedstrings.xml", b""))
    percent, scaled = _styles(by_name.get("xl/styles.xml", b""))
    found = []
    for title, part in sheets:
        if part not in by_name:
            raise Refused(f"工作簿已损坏：缺少工作表“{title[:31]}”的内容。请重新另存一份。")
        found.append(_Pass(title, percent, scaled).over(by_name[part]))
    return found


def _look_at_relations(parts: dict[str, bytes]) -> None:
    """Refuse a workbook that lacks its texts or its styles: without those a number reads otherwise than it is shown."""
    for name in ("sharedStrings", "styles"):
        named = any(
            tag == "Relationship" and attributes.get("Type", "").endswith(f"/{name}")
            for tag, attributes in elements(parts.get("xl/_rels/workbook.xml.rels", b""))
        )
        if named and f"xl/{name}.xml".lower() not in parts:
            raise Refused(_DAMAGED)


def _sheets(parts: dict[str, bytes]) -> list[tuple[str, str]]:
    """Titles with the names of their parts; sheets of charts and the like are left out."""
    relations = {}
    for tag, attributes in elements(parts.get("xl/_rels/workbook.xml.rels", b"")):
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes.get("Target", "")
            relations[attributes.get("Id", "")] = normpath(join("/xl", target)).lstrip("/").lower()
    found = []
    for tag, attributes in elements(parts.get("xl/workbook.xml", b"")):
        relation = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        if tag == "sheet" and relation in relations:
            found.append((attributes.get("name", ""), relations[relation]))
    return found


def elements(content: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each element's name, without its prefix, and its attributes.

    Raises:
        Refused: no XML, or one that declares entities.
    """
    found: list[tuple[str, dict[str, str]]] = []
    _parse(content, start=lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes)))
    yield from found


def _parse(
    content: bytes,
    *,
    start: Callable[[str, dict[str, str]], object],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _declares
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError):
        raise Refused(_DAMAGED) from None


def _declares(*_: object) -> None:
    raise Refused("工作簿已损坏：其中有表格不该有的声明，没有打开。请重新另存一份。")


def _look_at_texts(content: bytes) -> None:
    """One text longer than a cell can hold, named by a thousand cells, is a bomb too."""
    if not content:
        return
    length = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal length
        if tag.rpartition(":")[2] == "si":
            length = 0

    def text(data: str) -> None:
        nonlocal length
        length += len(data)
        if length > LONGEST * 2:
            raise Refused(f"工作簿中有超过 {LONGEST} 字的文字，不像正常的工作簿，没有打开。请检查文件来源。")

    _parse(content, start=start, text=text)


def _styles(content: bytes) -> tuple[set[str], set[str]]:
    """The numbers of the cell styles that show a percentage, and of those that show a thousandth or less."""
    if not content:
        return set(), set()
    codes: dict[int, str] = {}
    percent, scaled = set(), set()
    number, inside = 0, False
    for tag, attributes in elements(content):
        if tag == "numFmt" and not inside:
            codes[_whole(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        if tag in ("cellXfs", "cellStyles", "dxfs", "cellStyleXfs"):
            inside = tag == "cellXfs"
        if tag == "xf" and inside:
            format_number = _whole(attributes.get("numFmtId", ""))
            bare = _FORMAT_WORDS.sub("", codes.get(format_number, "")).partition(";")[0]
            if format_number in _BUILTIN_PERCENT or "%" in bare:
                percent.add(str(number))
            if re.search(r"[0#?],+(?![0#?,])", bare):
                scaled.add(str(number))
            number += 1
    return percent, scaled


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class _Pass:
    """One pass over a sheet's XML."""

    def __init__(self, title: str, percent: set[str], scaled: set[str]) -> None:
        self.marks = Marks(title)
        self._percent, self._scaled = percent, scaled
        self._seen: set[int] = set()  # the columns of the row that is read
        self._columns: dict[str, int] = {}
        self._row = self._column = self._last = -1
        self._attributes: dict[str, str] = {}
        self._inside = ""
        self._text: list[str] = []
        self._value: str | None = None
        self._formula: str | None = None
        self._has_words = False

    def over(self, content: bytes) -> Marks:
        _parse(content, start=self._start, end=self._end, text=self._characters)
        return self.marks

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == "c":
            self._attributes = attributes
            self._value = self._formula = None
            self._has_words = False
            self._place()
        elif name in ("v", "f", "t"):
            self._inside, self._text = name, []
        elif name == "row":
            number = attributes.get("r", "")
            self._row = _whole(number) - 1 if number else self._row + 1
            self._column = -1

    def _place(self) -> None:
        place = self._attributes.get("r", "")
        if not place:
            self._column += 1
            return
        found = _PLACE.fullmatch(place)
        if found is None:
            raise Refused(f"工作表“{self.marks.title[:31]}”已损坏：“{place[:20]}”不是单元格的地址。请重新另存一份。")
        letters, row = found.groups()
        known = self._columns.get(letters)
        if known is None:
            known = self._columns[letters] = column_number(letters) - 1
        self._column, self._row = known, int(row) - 1

    def _characters(self, data: str) -> None:
        if self._inside:
            self._text.append(data)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == self._inside:
            text = "".join(self._text)
            self._inside = ""
            if len(text) > LONGEST * 2:
                raise Refused(
                    f"{self._name()} 有超过 {LONGEST} 字的文字，不像正常的工作簿，没有打开。请检查文件来源。"
                )
            if name == "v":
                self._value = text
            elif name == "f":
                self._formula = text
            else:
                self._has_words = self._has_words or bool(text)
        elif name == "c":
            self._cell()

    def _cell(self) -> None:
        if self._value is None and self._formula is None and not self._has_words:
            return
        if self._row < self._last:
            raise Refused(f"工作簿已损坏：{self._name()} 所在的行次序颠倒。请重新另存一份。")
        if self._row > self._last:
            self._last = self._row
            self._seen.clear()
        if self._column in self._seen:
            raise Refused(f"工作簿已损坏：{self._name()} 在文件中出现了两次，无法判断以哪一个为准。请重新另存一份。")
        self._seen.add(self._column)
        self.marks.cells += 1
        if self._row >= ROWS or self._column >= COLUMNS or self._row < 0:
            raise Refused(
                f"{self._name()} 有内容，离表格太远（最多读 {ROWS} 行、{COLUMNS} 列）。请删去表格以外的内容后重试。"
            )
        if self.marks.cells > CELLS:
            raise Refused(f"工作表“{self.marks.title[:31]}”超过 {CELLS} 个单元格。请用下载的模板填写。")
        kind = self._attributes.get("t", "n")
        if kind != "s" or self._formula is not None:  # a shared text, as most cells are, needs no mark
            self._mark((self._row, self._column), kind)

    def _mark(self, place: tuple[int, int], kind: str) -> None:
        value = (self._value or "").strip()
        if self._formula is not None:
            self.marks.formulas[place] = f"={self._formula}"[:200]
            if not value:
                self.marks.without_result.add(place)
        if kind == "e":
            self.marks.errors[place] = value[:20] or "#N/A"
            return
        if kind != "n" or not value:
            return
        style = self._attributes.get("s", "0")
        if style in self._percent:
            self.marks.percent.add(place)
        if style in self._scaled:
            self.marks.scaled.add(place)
        if not _SHORT.fullmatch(value):
            self._look_at_number(place, value)

    def _look_at_number(self, place: tuple[int, int], value: str) -> None:
        try:
            number = Decimal(value)
        except InvalidOperation:
            raise Refused(
                f"工作簿已损坏：{self._name()} 标为数值，却是“{value[:20]}”。请在原表改正后重新另存。"
            ) from None
        if not number.is_finite():
            self.marks.errors[place] = value[:20]
            return
        digits = len(number.normalize().as_tuple().digits)
        if digits > AS_PRINTED or (number.adjusted() >= EXACT and digits > EXACT):
            self.marks.too_long[place] = value[:40]

    def _name(self) -> str:
        return f"{self.marks.title[:31]}!{self._attributes.get('r') or f'第 {self._row + 1} 行'}"


def column_number(letters: str) -> int:
    """A → 1, XFD → 16384."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
