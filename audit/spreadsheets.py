"""What a cell of an exported sheet may hold: the one place where a text is kept from being read as a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# a number as people write it, and the dash that stands for a value that is missing
_HARMLESS = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?|-", re.ASCII)


def inert(value: Any) -> Any:
    """Return what may stand in a cell: a text that a program could run gets an apostrophe in front.

    Numbers, days and truth values stay what they are, and so does a text that is nothing but a number. Characters that
    no sheet can hold become U+FFFD.
    """
    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", value)
    if _HARMLESS.fullmatch(text) or not _is_dangerous(text):
        return text
    return f"'{text}"


def _is_dangerous(text: str) -> bool:
    """Programs pass over blanks in front of a sign, so these are passed over here too."""
    return text.startswith(STARTS_A_FORMULA) or text.lstrip(" \u00a0\u3000\u200b\ufeff").startswith(STARTS_A_FORMULA)


def inert_rows(rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    return [[inert(value) for value in row] for row in rows]


def csv_of(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as a CSV text whose cells are inert; encode it as ``utf-8-sig``, so that Excel knows."""
    sheet = io.StringIO()
    csv.writer(sheet).writerows(inert_rows(rows))
    return sheet.getvalue()
