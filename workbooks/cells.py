"""A cell as it was found in a file, and the name by which people know it."""

from dataclasses import dataclass
from enum import StrEnum


class CellKind(StrEnum):
    BLANK = "blank"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    ERROR = "error"
    FORMULA = "formula"
    SCALED = "scaled"  # a number whose format shows a thousandth of it, or less
    IMPRECISE = "imprecise"  # a number of more digits than a sheet keeps


@dataclass(frozen=True, slots=True)
class Cell:
    """``text`` is exact: a number as the sheet shows it in full, a percentage of a sheet as 46.9%, a day as 2018-06-30.

    A formula's ``result`` is what the program that saved the file last made of it; blank where it made nothing.
    """

    kind: CellKind = CellKind.BLANK
    text: str = ""
    result: "Cell | None" = None

    @property
    def is_blank(self) -> bool:
        return self.kind is CellKind.BLANK


BLANK = Cell()


@dataclass(frozen=True, slots=True)
class FoundSheet:
    """A sheet's title and rows as they stand in the file, the heads first."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


def column_letter(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(sheet: str, column: int, row: int) -> str:
    """(规划指标, 4, 7) → 规划指标!D7."""
    return f"{sheet}!{column_letter(column)}{row}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in one cell (or, with an empty ``cell``, in the file): what is there and what is expected."""

    cell: str
    words: str

    def __str__(self) -> str:
        return f"{self.cell}：{self.words}" if self.cell else self.words


class Unusable(Exception):
    """A file or workbook that nothing was taken from; ``problems`` says why, all at once."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
