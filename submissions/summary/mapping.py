"""Which cell of the superior's workbook holds what: proposed by names and heads, corrected by people, kept as JSON."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from arithmetic.units import is_same_thing, unit_in, without_unit
from indicators.models import Indicator
from organisations.models import Organisation
from submissions.summary.words import BY_WORD, OF_ROW, OWN, What
from submissions.workbook.consolidated import bare
from workbooks.cells import BLANK, Cell, CellKind, FoundSheet, column_letter

_NUMBERED = re.compile(r"(?:指标|zb)_?([0-9]{1,4})_(.+)", re.IGNORECASE)
_COUNTED = re.compile(
    r"^(?:[（(]?[0-9一二三四五六七八九十]{1,3}[）)]?[、.．]|[（(][0-9一二三四五六七八九十]{1,3}[）)])\s*"
)
ROWS, COLUMNS = 2000, 60


@dataclass(frozen=True)
class Holds:
    """What one cell or one column holds: "" where it is left out; of which organisation ("": the lead's); in which unit."""

    what: str = ""
    unit: str = ""
    organisation: str = ""

    @property
    def is_unclear(self) -> bool:
        """Whether nobody has said yet in which unit its numbers are to be."""
        return self.what in list(What) and What(self.what).has_unit and not self.unit


@dataclass(frozen=True)
class Named:
    """A cell with a name."""

    name: str
    sheet: str
    cell: str
    indicator: int | None
    holds: Holds


@dataclass(frozen=True)
class Area:
    """A table under a head (counted from 1). ``rows`` has the indicators that people chose for rows, 0 for none.

    ``is_matched``: its rows name indicators already; else they are written in the plan's order.
    """

    sheet: str
    head: int
    is_matched: bool
    columns: Mapping[int, Holds]
    heads: Mapping[int, str]
    rows: Mapping[int, int] = field(default_factory=dict)

    def column(self, what: What) -> int | None:
        return next((number for number, holds in self.columns.items() if holds.what == what), None)


@dataclass(frozen=True)
class Mapped:
    named: Sequence[Named] = ()
    areas: Sequence[Area] = ()

    @property
    def unclear(self) -> list[str]:
        """Where a unit has still to be chosen."""
        told = [each.name for each in self.named if each.indicator and each.holds.is_unclear]
        return told + [
            f"{area.sheet}“{area.heads.get(number, '')}”一列"
            for area in self.areas
            for number, holds in area.columns.items()
            if holds.is_unclear
        ]


# ------------------------------------------------------------------ kept
def written(mapped: Mapped) -> dict[str, Any]:
    def told(holds: Holds) -> dict[str, str]:
        return {"what": holds.what, "unit": holds.unit, "organisation": holds.organisation}

    return {
        "named": [
            {"name": e.name, "sheet": e.sheet, "cell": e.cell, "indicator": e.indicator, **told(e.holds)}
            for e in mapped.named
        ],
        "areas": [
            {
                "sheet": area.sheet,
                "head": area.head,
                "is_matched": area.is_matched,
                "columns": [
                    {"column": number, "head": area.heads.get(number, ""), **told(holds)}
                    for number, holds in area.columns.items()
                ],
                "rows": [{"row": row, "indicator": number} for row, number in area.rows.items()],
            }
            for area in mapped.areas
        ],
    }


def read_mapping(kept: Mapping[str, Any]) -> Mapped:
    def holds(each: Mapping[str, Any]) -> Holds:
        return Holds(each["what"], each["unit"], each["organisation"])

    return Mapped(
        [Named(e["name"], e["sheet"], e["cell"], e["indicator"], holds(e)) for e in kept.get("named", ())],
        [
            Area(
                area["sheet"],
                area["head"],
                area["is_matched"],
                {each["column"]: holds(each) for each in area["columns"]},
                {each["column"]: each["head"] for each in area["columns"]},
                {each["row"]: each["indicator"] for each in area["rows"]},
            )
            for area in kept.get("areas", ())
        ],
    )


# ------------------------------------------------------------------ proposed
class Plan:
    """The plan's indicators and the organisations, as words of a workbook may mean them."""

    def __init__(self, indicators: Iterable[Indicator], organisations: Iterable[Organisation]) -> None:
        self.indicators = {each.number: each for each in indicators}
        self.by_name: dict[str, int | None] = {}
        for each in self.indicators.values():
            for name in {tidied(each.name), tidied(each.body_name)} - {""}:
                self.by_name[name] = each.number if name not in self.by_name else None
        self.organisations = {
            bare(name): each.code for each in organisations for name in (each.name, each.short_name, each.code) if name
        }

    def number_of(self, name: str) -> int | None:
        """The indicator that is called so; None where none is, or several are."""
        return self.by_name.get(tidied(name))


def tidied(name: str) -> str:
    """A name of an indicator without its counting (1.) and without its unit in brackets."""
    return bare(without_unit(_COUNTED.sub("", "".join(name.split()))))


def propose(sheets: Sequence[FoundSheet], names: Iterable[tuple[str, str, str]], plan: Plan) -> Mapped:
    """Guess by the names of cells, and by the words of heads; people correct it."""
    named = [found for each in names if (found := _named(*each, plan)) is not None]
    areas = [area for sheet in sheets for area in _areas(sheet, plan)]
    return Mapped(named, areas)


def _named(name: str, sheet: str, cell: str, plan: Plan) -> Named | None:
    numbered = _NUMBERED.fullmatch(name)
    first, _, rest = name.partition("_")
    number = int(numbered[1]) if numbered else plan.number_of(first)
    words = numbered[2] if numbered else rest
    if number is not None and number not in plan.indicators:
        number = None
    holds = _meant([each for each in words.split("_") if each], plan)
    if number is None and not holds.what:
        return Named(name, sheet, cell, None, Holds())
    return Named(name, sheet, cell, number, holds)


def _meant(words: Sequence[str], plan: Plan) -> Holds:
    holds = Holds()
    for word in words:
        what, by = BY_WORD.get(bare(word)), plan.organisations.get(bare(word))
        if what is not None:
            holds = replace(holds, what=what)
        elif by is not None:
            holds = replace(holds, organisation=by)
        elif any(is_same_thing(word, each.unit) for each in plan.indicators.values() if each.unit):
            holds = replace(holds, unit=word)
    if holds.organisation and not holds.what:
        holds = replace(holds, what=What.VALUE)
    return holds


def _areas(sheet: FoundSheet, plan: Plan) -> Iterable[Area]:
    for number, row in enumerate(sheet.rows[:ROWS], start=1):
        columns = {place: _of_head(cell, plan) for place, cell in enumerate(row[:COLUMNS], start=1)}
        known = {place: holds for place, holds in columns.items() if holds.what}
        told = {holds.what for holds in known.values()}
        if What.NAME in told and len(told) > 1:
            heads = {place: cell.text for place, cell in enumerate(row[:COLUMNS], start=1) if not cell.is_blank}
            columns = {place: columns[place] for place in heads}
            yield _area(sheet, number, columns, heads)
            return  # one table a sheet


def _area(sheet: FoundSheet, head: int, columns: dict[int, Holds], heads: dict[int, str]) -> Area:
    area = Area(sheet.title, head, True, columns, heads)
    names = area.column(What.NAME)
    is_matched = any(not cell_at(sheet, row, names).is_blank for row in range(head + 1, len(sheet.rows) + 1))
    has_units = area.column(What.UNIT) is not None
    filled = {
        place: replace(holds, unit=OF_ROW) if holds.is_unclear and has_units else holds
        for place, holds in columns.items()
    }
    return replace(area, is_matched=is_matched, columns=filled)


def _of_head(cell: Cell, plan: Plan) -> Holds:
    if cell.kind is not CellKind.TEXT:
        return Holds()
    words, unit = bare(without_unit(cell.text)), unit_in(cell.text)
    what = BY_WORD.get(words) or next((what for word, what in BY_WORD.items() if _ends(words, word)), None)
    if what is None and words in plan.organisations:
        return Holds(What.VALUE, unit, plan.organisations[words])
    return Holds(what or "", unit if what is not None and what.has_unit else "")


def _ends(words: str, word: str) -> bool:
    """2025年目标值 and 上半年完成值 are known by how they end."""
    return len(word) > 2 and words.endswith(word)


# ------------------------------------------------------------------ rows of a table
@dataclass(frozen=True)
class RowFound:
    """A row of a table: which indicator it is (None: nobody knows), and in which words it is told."""

    row: int
    name: str
    number: int | None


def rows_in(area: Area, sheet: FoundSheet, plan: Plan) -> list[RowFound]:
    """The rows under the head that name something, as far as people and names tell which indicator each is."""
    names = area.column(What.NAME)
    found = []
    for row in range(area.head + 1, min(len(sheet.rows), area.head + ROWS) + 1):
        name = cell_at(sheet, row, names).text
        if name:
            chosen = area.rows.get(row)
            number = (chosen or None) if chosen is not None else plan.number_of(name)
            found.append(RowFound(row, name, number if number in plan.indicators else None))
    return found


def cell_at(sheet: FoundSheet, row: int, column: int | None) -> Cell:
    if column is None or not 0 < row <= len(sheet.rows):
        return BLANK
    cells = sheet.rows[row - 1]
    return cells[column - 1] if column <= len(cells) else BLANK


def address(row: int, column: int) -> str:
    return f"{column_letter(column)}{row}"


__all__ = ["OWN", "Area", "Holds", "Mapped", "Named", "Plan", "RowFound", "propose", "read_mapping", "rows_in"]
