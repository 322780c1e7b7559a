"""A good workbook, and the ways of changing its parts."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from openpyxl import Workbook, load_workbook

Made = tuple[bytes, Mapping[str, Decimal | None]]
Kind = Callable[[Random, "Good"], Made]
SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True)
class Good:
    """A filled-in workbook: by row the address of its number, the number itself, and the unit that it is counted in."""

    content: bytes
    cells: Mapping[str, str]
    truth: Mapping[str, Decimal]
    units: Mapping[str, str]

    def some(self, chance: Random, unit: str = "") -> str:
        return chance.choice([key for key in sorted(self.cells) if not unit or self.units[key] == unit])


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


def with_part(good: Good, part: str, change: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(good.content)
    return packed(parts | {part: change(parts.get(part, b""))})


def with_cell(good: Good, key: str, inner: str, kind: str = "") -> bytes:
    """The workbook with another content in one cell, as it stands in the file."""
    address = good.cells[key]

    def change(sheet: bytes) -> bytes:
        found = re.search(rf'<c r="{address}"([^>]*?)(?:/>|>.*?</c>)'.encode(), sheet, re.DOTALL)
        assert found is not None
        style = re.search(rb' s="\d+"', found[1])
        start = f'<c r="{address}"'.encode() + (style[0] if style else b"")
        told = f' t="{kind}"'.encode() if kind else b""
        return sheet.replace(found[0], start + told + b">" + inner.encode() + b"</c>", 1)

    return with_part(good, SHEET, change)


def edited(good: Good, change: Callable[[Workbook], object]) -> bytes:
    book = load_workbook(io.BytesIO(good.content))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
