"""From the sheets found in a file to the typed rows of a plan; every wrong cell is told at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from organisations.models import Organisation
from workbooks.cells import BLANK, Cell, FoundSheet, Problem, Unusable, cell_name
from workbooks.columns import Column, Kind, Wrong, read_cell
from workbooks.plan_rules import Row
from workbooks.plan_sheets import EXAMPLE_MARK, REMARK, SHEETS, Sheet
from workbooks.reading import read_folder, read_workbook

INSTRUCTIONS = "填写说明"
LISTS = "列表"
TITLES = {sheet.name: sheet.title for sheet in SHEETS}


@dataclass
class PlanSheets:
    """What a plan's workbook says: rows by sheet and key, cells that were read otherwise than they stand, and where
    each row's columns are."""

    rows: dict[str, dict[Any, Row]] = field(default_factory=lambda: {sheet.name: {} for sheet in SHEETS})
    understood: list[Problem] = field(default_factory=list)
    places: dict[str, dict[str, int]] = field(default_factory=dict)
    examples: int = 0

    @property
    def code(self) -> str:
        (plan,) = self.rows["plan"].values()
        return str(plan["code"])


def read_plan(path: Path) -> PlanSheets:
    """Read a plan from a folder of CSV files or from an .xlsx.

    Raises:
        Unusable: every problem of every cell, or why the file can't be read at all.
    """
    if path.is_dir():
        return interpret(read_folder(path, TITLES))
    if not path.is_file():
        raise Unusable([Problem("", f"没有找到“{path}”。请给出文件夹或 Excel 工作簿（.xlsx）。")])
    return interpret(read_workbook(path))


def interpret(found: list[FoundSheet]) -> PlanSheets:
    """Make typed rows of the sheets found; references may also name organisations that are on record already.

    Raises:
        Unusable: unknown or missing sheets and columns, and every cell that holds something wrong.
    """
    by_title = {sheet.title: sheet for sheet in found}
    problems = _missing_sheets(by_title)
    read, declared = PlanSheets(), _declared(by_title)
    for sheet in SHEETS:
        if sheet.title in by_title:
            problems += _Reading(sheet, by_title[sheet.title], read, declared).problems
    if problems:
        raise Unusable(problems)
    return read


def _missing_sheets(by_title: Mapping[str, FoundSheet]) -> list[Problem]:
    known = {*TITLES.values(), INSTRUCTIONS, LISTS}
    unknown = [title for title in by_title if title not in known]
    missing = [sheet.title for sheet in SHEETS if sheet.is_required and sheet.title not in by_title]
    problems = [Problem(title, "不认识这张工作表。应为：" + "、".join(TITLES.values()) + "。") for title in unknown]
    return problems + [Problem(title, "缺少这张工作表。请用模板填写。") for title in missing]


def _declared(by_title: Mapping[str, FoundSheet]) -> dict[str, set[str]]:
    """The keys that each sheet's rows seem to have, right or wrong: so that one wrong row is told once, not again in
    each row that names it."""
    declared: dict[str, set[str]] = {}
    for sheet in SHEETS:
        found = by_title.get(sheet.title)
        keys: set[str] = set()
        if found and found.rows:
            heads = [cell.text for cell in found.rows[0]]
            wanted = [column.head for column in sheet.columns if column.field in sheet.key]
            places = [heads.index(head) for head in wanted if head in heads]
            for row in found.rows[1:]:
                keys.add(".".join(row[place].text if place < len(row) else "" for place in places))
        declared[sheet.name] = keys
    return declared


class _Reading:
    """One sheet being read."""

    def __init__(self, sheet: Sheet, found: FoundSheet, read: PlanSheets, declared: Mapping[str, set[str]]) -> None:
        self.sheet, self.read, self.declared = sheet, read, declared
        self.problems: list[Problem] = []
        self.defaults = {column.field: column.default for column in sheet.columns}
        self.places = self._heads(found.rows[0] if found.rows else ())
        read.places[sheet.name] = self.places
        if self.problems:
            return
        for number, cells in enumerate(found.rows[1:], start=2):
            if not all(cell.is_blank for cell in cells):
                self._row(number, cells)
        self._count(len(found.rows))

    def _heads(self, cells: tuple[Cell, ...]) -> dict[str, int]:
        columns = {column.head: column.field for column in self.sheet.columns} | {REMARK: REMARK}
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            if cell.is_blank:
                continue
            name = columns.get(cell.text)
            if name is None or name in places:
                words = "这一列出现了两次" if name else "不认识这一列"
                self._problem(place, 1, f"{words}“{cell.text}”，应为：{'、'.join(columns)}。")
            else:
                places[name] = place
        for column in self.sheet.columns:
            if column.is_required and column.field not in places:
                self._problem(0, 1, f"表头缺少“{column.head}”一列。请用模板填写。")
        return places

    def _row(self, number: int, cells: tuple[Cell, ...]) -> None:
        def at(name: str) -> Cell:
            place = self.places.get(name)
            return cells[place] if place is not None and place < len(cells) else BLANK

        if at(REMARK).text.startswith(EXAMPLE_MARK):
            self.read.examples += 1
            return
        row = Row(number, dict(self.sheet.fixed), self.defaults)
        for column in self.sheet.columns:
            if column.field in self.places or column.is_required or column.value_field:
                self._cell(row, column, at(column.field))
        for name, words in self.sheet.rule(row, self.read.rows):
            if name not in row.wrong:
                self._problem(self._place_of(name), number, words)
        if all(name in row.values or name not in self.places for name in self.sheet.key):
            self._keep(row)

    def _cell(self, row: Row, column: Column, cell: Cell) -> None:
        try:
            typed = read_cell(column, cell, unit=self._unit(row, column))
        except Wrong as wrong:
            row.wrong.add(column.field)
            self._problem(self._place_of(column.field), row.number, str(wrong))
            return
        row.values |= typed.values
        if typed.written is not None:
            row.written[column.field] = typed.written
        if typed.understood:
            name = cell_name(self.sheet.title, self._place_of(column.field) + 1, row.number)
            self.read.understood.append(Problem(name, typed.understood))
        if column.refers_to and row[column.field] not in (None, ""):
            self._refer(row, column)

    def _unit(self, row: Row, column: Column) -> str:
        if column.kind is not Kind.PRINTED:
            return ""
        if self.sheet.name == "indicators":
            return str(row["unit"] or "")
        indicator = self.read.rows["indicators"].get((row["indicator"],))
        return str(indicator["unit"] or "") if indicator else ""

    def _refer(self, row: Row, column: Column) -> None:
        value = row[column.field]
        key = tuple(map(int, value.split("."))) if column.kind is Kind.TASK else (value,)
        if key in self.read.rows[column.refers_to] or str(value) in self.declared[column.refers_to]:
            return
        if column.refers_to == "organisations" and Organisation.objects.filter(code=value).exists():
            return
        words = f"这里是“{value}”，应为“{TITLES[column.refers_to]}”表中的一行。"
        self._problem(self._place_of(column.field), row.number, words)

    def _keep(self, row: Row) -> None:
        rows = self.read.rows[self.sheet.name]
        key = tuple(row[name] for name in self.sheet.key)
        if key in rows:
            place = self._place_of(self.sheet.key[0])
            self._problem(place, row.number, f"与第 {rows[key].number} 行重复，应只有一行。")
            return
        rows[key] = row

    def _count(self, last: int) -> None:
        rows = self.read.rows[self.sheet.name]
        if self.sheet.most_rows is not None and len(rows) > self.sheet.most_rows:
            self._problem(0, list(rows.values())[-1].number, f"本表应只有 {self.sheet.most_rows} 行。")
        if self.sheet.is_required and not rows and not self.problems:
            self._problem(0, 2, "本表没有内容，应至少有一行。")

    def _place_of(self, name: str) -> int:
        return self.places.get(name, 0)

    def _problem(self, place: int, number: int, words: str) -> None:
        self.problems.append(Problem(cell_name(self.sheet.title, place + 1, number), words))


def row_places(read: PlanSheets, sheet: Sheet) -> Iterator[tuple[Row, dict[str, int]]]:
    """Yield a sheet's rows with the places of its columns (0 is A)."""
    for row in read.rows[sheet.name].values():
        yield row, read.places.get(sheet.name, {})
