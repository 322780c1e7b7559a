"""From the sheets of a file to the rows of a form: columns by their heads, rows by their hidden keys and what they are
called, wherever somebody moved them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from submissions.workbook.identity import Identity, as_typed, read_identity
from submissions.workbook.rows import Row
from submissions.workbook.sheets import COLUMNS, FIGURES, HEADS, IDENTITY, KEY, NOTES, VALUE
from workbooks.cells import BLANK, Cell, FoundSheet, Problem, Unusable, cell_name
from workbooks.reading import read_workbook

HEADS_WITHIN = 30  # rows; below them nobody looks for heads
_TELLING = {FIGURES: ("规划指标", VALUE.head), NOTES: ("任务或项目", "进展")}


@dataclass(frozen=True)
class FoundRow:
    """A row of the file: ``cells`` by the name of their column, ``addresses`` as people know them (填报表!G5)."""

    sheet: str
    line: int
    cells: Mapping[str, Cell]
    addresses: Mapping[str, str]

    def text(self, name: str) -> str:
        return as_typed(self.cells.get(name, BLANK).text)

    @property
    def key(self) -> str:
        return self.text(KEY)

    @property
    def place(self) -> str:
        return f"{self.sheet}第 {self.line} 行"


@dataclass(frozen=True)
class FoundForm:
    """What a file says: whose it is (None where it doesn't say), and its rows."""

    identity: Identity | None
    rows: Sequence[FoundRow]
    lacks: Sequence[str] = ()
    """Heads of columns to fill in that the file doesn't have any more."""


@dataclass
class Matched:
    """The rows of a form with what the file has for each."""

    pairs: list[tuple[Row, FoundRow]] = field(default_factory=list)
    missing: list[Row] = field(default_factory=list)
    unknown: list[FoundRow] = field(default_factory=list)
    unclear: list[Problem] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    """By key the sentence for a row whose hidden key and visible name disagree."""


def read_form(path: Path) -> FoundForm:
    """Read a form's workbook.

    Raises:
        Unusable: no plain .xlsx, or none in which the columns of a form can be found.
    """
    return form_in(read_workbook(path))


def form_in(sheets: Sequence[FoundSheet]) -> FoundForm:
    """As ``read_form``, from sheets that were read already."""
    by_title = {sheet.title: sheet for sheet in sheets}
    rows: list[FoundRow] = []
    lacks: list[str] = []
    for title in (FIGURES, NOTES):
        named = [by_title[title]] if title in by_title else []
        for sheet in [*named, *(sheet for sheet in sheets if sheet.title not in (FIGURES, NOTES, IDENTITY))]:
            heads = _heads(title, sheet)
            if heads is not None:
                start, places = heads
                rows += _rows(title, sheet, start, places)
                lacks += [column.head for column in COLUMNS[title] if column.is_input and column.name not in places]
                break
    if not rows:
        raise Unusable([Problem("", _NO_HEADS)])
    return FoundForm(
        read_identity(by_title.get(IDENTITY)), rows, [head for head in lacks if head != "对退回理由的答复"]
    )


_NO_HEADS = (
    f"没有找到填报表的表头（应有“规划指标”和“{VALUE.head}”两列），或表头下没有内容。"
    "请下载本期的填报表，在其中填写后上传。"
)


def _heads(title: str, sheet: FoundSheet) -> tuple[int, dict[str, int]] | None:
    """Return the row of the heads and the columns' places; None where the sheet is another one.

    Raises:
        Unusable: a head stands there twice.
    """
    known = HEADS[title]
    for number, row in enumerate(sheet.rows[:HEADS_WITHIN]):
        heads = ["".join(cell.text.split()) for cell in row]
        if not set(_TELLING[title]) <= set(heads):
            continue
        places: dict[str, int] = {}
        for place, head in enumerate(heads):
            if head not in known:
                continue
            if known[head].name in places:
                words = f"“{head}”一列出现了两次，无法判断以哪一列为准。请删去一列后重新上传。"
                raise Unusable([Problem(cell_name(sheet.title, place + 1, number + 1), words)])
            places[known[head].name] = place
        return number, places
    return None


def _rows(title: str, sheet: FoundSheet, start: int, places: Mapping[str, int]) -> Iterator[FoundRow]:
    for number, cells in enumerate(sheet.rows[start + 1 :], start=start + 2):
        found = {name: cells[place] if place < len(cells) else BLANK for name, place in places.items()}
        row = FoundRow(
            title,
            number,
            found,
            {name: cell_name(sheet.title, place + 1, number) for name, place in places.items()},
        )
        if row.key or row.text("name"):
            yield row


def match(rows: Sequence[Row], found: Iterable[FoundRow]) -> Matched:
    """Find each row of the form in the file.

    What a person sees decides: where a row's hidden key and its name and number disagree, the name does, and it is
    said. Two rows of the file for one of the form are a question, unless they say the same.
    """
    by_key = {row.key: row for row in rows}
    by_name: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        by_name.setdefault((row.sheet, _bare(row.name)), []).append(row)
    matched, taken = Matched(), dict[str, FoundRow]()
    last_indicator = ""
    for each in found:
        mine = _row_of(each, by_key, by_name, last_indicator, matched)
        if mine is None:
            if each.key or any(
                not each.cells[name].is_blank for name in each.cells if name in (VALUE.name, "progress")
            ):
                matched.unknown.append(each)
            continue
        if mine.part is None:
            last_indicator = mine.number
        if mine.key in taken:
            if not _says_the_same(taken[mine.key], each):
                matched.unclear.append(_twice(mine, taken[mine.key], each))
            continue
        taken[mine.key] = each
    unclear = {problem.cell for problem in matched.unclear}
    matched.pairs = [(row, taken[row.key]) for row in rows if row.key in taken and taken[row.key].place not in unclear]
    matched.missing = [row for row in rows if row.key not in taken]
    return matched


def _row_of(
    each: FoundRow,
    by_key: Mapping[str, Row],
    by_name: Mapping[tuple[str, str], list[Row]],
    last_indicator: str,
    matched: Matched,
) -> Row | None:
    keyed, name = by_key.get(each.key), _bare(each.text("name"))
    number = each.text("number")
    if keyed is not None and (not name or name == _bare(keyed.name)):
        return keyed
    called = by_name.get((each.sheet, name), [])
    numbered = [row for row in called if row.number == number]
    in_place = [row for row in called if row.part is not None and row.number.partition(".")[0] == last_indicator]
    seen = numbered or (called if len(called) == 1 else in_place)
    if len(seen) == 1:
        if keyed is not None and keyed is not seen[0]:
            matched.renamed[seen[0].key] = "行标识与名称不一致，按所见的名称识别。请核对这一行。"
        return seen[0]
    if keyed is not None and keyed.number == number:
        matched.renamed[keyed.key] = f"文件中的名称是“{each.text('name')[:40]}”，按序号识别。请核对这一行。"
        return keyed
    return None


def _bare(text: str) -> str:
    """A name without what programs and people change in it: spaces, and the brackets' width."""
    return "".join(text.split()).replace("(", "（").replace(")", "）").replace(":", "：")


def _says_the_same(one: FoundRow, other: FoundRow) -> bool:
    return {name: cell for name, cell in one.cells.items() if name != KEY} == {
        name: cell for name, cell in other.cells.items() if name != KEY
    }


def _twice(row: Row, one: FoundRow, other: FoundRow) -> Problem:
    return Problem(
        one.place,
        f"“{row.title}”在第 {one.line} 行和第 {other.line} 行各有一份，内容不同。请只留一行，改好后重新上传。",
    )
