"""The shape of a table, whatever shows it: a page or a Word file."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A column's head, its share of the width in millimetres, and whether its cells are figures (centred)."""

    head: str
    width: int
    is_figure: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell's first line and the paragraphs under it; ``indicator`` is the number to trace a figure by."""

    text: str
    paragraphs: Sequence[str] = ()
    indicator: int | None = None

    def __str__(self) -> str:
        return "\n".join([self.text, *self.paragraphs]) if self.text else "\n".join(self.paragraphs)


@dataclass(frozen=True)
class Row:
    cells: Sequence[Cell]
    is_group: bool = False  # one cell over the whole width


@dataclass(frozen=True)
class Table:
    """A full-grid table with its title above and its note below."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    note: str = ""
    is_wide: bool = field(default=False)  # stands on a landscape page

    @property
    def shares(self) -> Sequence[int]:
        """Each column's share of the width in per cent, rounded, as a page needs it."""
        whole = sum(column.width for column in self.columns)
        return [round(100 * column.width / whole) for column in self.columns]
