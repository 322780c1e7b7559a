"""Sheets whose structure is damaged, or was changed by somebody who meant well."""

import re
from random import Random

from openpyxl import Workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from tests.workbooks.hostile.books import SHEET, Good, Kind, Made, edited, packed, parts_of, with_part

HEAD_ROW = 4
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "xl/_rels/workbook.xml.rels"


def _patch(part: str, *pairs: tuple[str, str]) -> Kind:
    """Replace patterns in a part; the numbers that are read must stay the right ones."""

    def make(chance: Random, good: Good) -> Made:
        def change(content: bytes) -> bytes:
            for pattern, text in pairs:
                content = re.sub(pattern.encode(), text.encode(), content, flags=re.DOTALL)
            return content

        return with_part(good, part, change), {}

    return make


def _row(reference: str, value: str = "<v>1</v>") -> str:
    number = re.sub(r"\D", "", reference)
    return f'<row r="{number}"><c r="{reference}">{value}</c></row></sheetData>'


def number_far_away(chance: Random, good: Good) -> Made:
    reference = chance.choice(["XFD1048576", "A1048576", "XFD900", "A99999", "ZZZ999", "CZ900"])
    return _patch(SHEET, ("</sheetData>", _row(reference)))(chance, good)


def empty_far_away(chance: Random, good: Good) -> Made:
    return _patch(SHEET, ("</sheetData>", _row("XFD1048576", "")))(chance, good)


def no_address(chance: Random, good: Good) -> Made:
    reference = chance.choice(["A0", "-1", "R1C1", "ABCD5", "G99999999", "五5", "$G$6"])
    return _patch(SHEET, ("</sheetData>", _row(reference)))(chance, good)


def cell_twice(chance: Random, good: Good) -> Made:
    key = good.some(chance)
    address = good.cells[key]
    again = f'<c r="{address}"><v>77</v></c></row>'
    number = re.sub(r"\D", "", address)
    pattern = rf'(<row r="{number}".*?)</row>'
    made, _ = _patch(SHEET, (pattern, rf"\1{again}"))(chance, good)
    return made, {}


def rows_backwards(chance: Random, good: Good) -> Made:
    def change(sheet: bytes) -> bytes:
        rows = re.findall(rb"<row .*?</row>", sheet, re.DOTALL)
        return re.sub(rb"<row .*</row>", lambda _: b"".join(reversed(rows)), sheet, flags=re.DOTALL)

    return with_part(good, SHEET, change), {}


def nested(chance: Random, good: Good) -> Made:
    depth = chance.randrange(20_000, 60_000)
    return with_part(good, SHEET, lambda _: b"<a>" * depth + b"</a>" * depth), {}


def cut_inside(chance: Random, good: Good) -> Made:
    part = chance.choice([SHEET, "xl/workbook.xml", "xl/styles.xml", RELATIONS])
    return with_part(good, part, lambda content: content[: chance.randrange(len(content))]), {}


def many_cells(chance: Random, good: Good) -> Made:
    row = "".join(f'<c r="{get_column_letter(column)}{{0}}"><v>1</v></c>' for column in range(1, 71))
    rows = "".join(f'<row r="{n}">{row.replace("{0}", str(n))}</row>' for n in range(900, 900 + 8000))
    return with_part(good, SHEET, lambda sheet: sheet.replace(b"</sheetData>", rows.encode() + b"</sheetData>")), {}


def one_text_everywhere(chance: Random, good: Good) -> Made:
    """A text of a million characters that a thousand cells name."""
    parts = parts_of(good.content)
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(900, 1900))
    texts = f'<sst xmlns="{MAIN}"><si><t>{"x" * 1_000_000}</t></si></sst>'.encode()
    relation = f'<Relationship Id="rIdX" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    relations = parts[RELATIONS].replace(b"</Relationships>", relation.encode())
    sheet = parts[SHEET].replace(b"</sheetData>", cells.encode() + b"</sheetData>")
    parts |= {"xl/sharedStrings.xml": texts, SHEET: sheet, RELATIONS: relations}
    return packed(parts), dict.fromkeys(good.truth)


def other_encoding(chance: Random, good: Good) -> Made:
    def change(sheet: bytes) -> bytes:
        text = re.sub(r"<\?xml.*?\?>", "", sheet.decode())
        return ('<?xml version="1.0" encoding="UTF-16"?>' + text).encode("utf-16")

    return with_part(good, SHEET, change), {}


def _edit(kind: str) -> Kind:
    def make(chance: Random, good: Good) -> Made:
        key = good.some(chance)
        number = int(re.sub(r"\D", "", good.cells[key]))
        changed: dict[str, None] = {}

        def change(book: Workbook) -> None:
            EDITS[kind](book, number, chance)

        if kind in ("unit changed", "number removed", "head removed", "value column doubled"):
            changed = {key: None} if kind in ("unit changed", "number removed") else dict.fromkeys(good.truth)
        return edited(good, change), changed

    return make


def _swap(book: Workbook, number: int, chance: Random, *, with_key: bool) -> None:
    page = book.worksheets[0]
    rows = [row for row in range(HEAD_ROW + 1, page.max_row + 1) if page.cell(row, 3).value]
    other = chance.choice(rows)
    last = page.max_column if with_key else page.max_column - 1
    for column in range(1, last + 1):
        one, two = page.cell(number, column), page.cell(other, column)
        one.value, two.value = two.value, one.value


def _double(book: Workbook, chance: Random) -> None:
    page = book.worksheets[0]
    page.cell(HEAD_ROW, page.max_column + 1).value = "本期"


def _merge(book: Workbook, number: int) -> None:
    column = column_index_from_string("H")
    book.worksheets[0].merge_cells(start_row=number, end_row=number, start_column=column, end_column=column + 1)


EDITS = {
    "columns inserted": lambda book, number, chance: book.worksheets[0].insert_cols(chance.randrange(1, 9), 2),
    "rows inserted": lambda book, number, chance: book.worksheets[0].insert_rows(chance.randrange(1, 9), 3),
    "rows swapped": lambda book, number, chance: _swap(book, number, chance, with_key=True),
    "rows swapped without keys": lambda book, number, chance: _swap(book, number, chance, with_key=False),
    "row removed": lambda book, number, chance: book.worksheets[0].delete_rows(number),
    "number removed": lambda book, number, chance: setattr(book.worksheets[0].cell(number, 7), "value", None),
    "unit changed": lambda book, number, chance: setattr(book.worksheets[0].cell(number, 3), "value", "万元"),
    "name changed": lambda book, number, chance: setattr(book.worksheets[0].cell(number, 2), "value", "别的名称"),
    "head removed": lambda book, number, chance: book.worksheets[0].delete_rows(HEAD_ROW),
    "value column doubled": lambda book, number, chance: _double(book, chance),
    "identity removed": lambda book, number, chance: book.remove(book["系统标识"]),
    "identity changed": lambda book, number, chance: setattr(
        book["系统标识"].cell(chance.randrange(2, 12), 2), "value", "改动"
    ),
    "sheet renamed": lambda book, number, chance: setattr(book.worksheets[0], "title", "Sheet1"),
    "many sheets": lambda book, number, chance: [book.create_sheet(f"表{each}") for each in range(45)],
    "cells merged": lambda book, number, chance: _merge(book, number),
}
SHEETS: dict[str, Kind] = {
    "number far away": number_far_away,
    "empty cell far away": empty_far_away,
    "no address": no_address,
    "cell twice": cell_twice,
    "rows backwards": rows_backwards,
    "nested": nested,
    "cut inside": cut_inside,
    "many cells": many_cells,
    "one text everywhere": one_text_everywhere,
    "other encoding": other_encoding,
    "WPS dimension": _patch(SHEET, ('<dimension ref="[^"]*"', '<dimension ref="A1"')),
    "no dimension": _patch(SHEET, ("<dimension [^>]*/>", "")),
    "endless dimension": _patch(SHEET, ('<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')),
    "no references": _patch(SHEET, (r'<(row|c) r="[A-Z]*\d+"', r"<\1")),
    "styles out of range": _patch(SHEET, (r' s="\d+"', ' s="9999"')),
    "declared entities": _patch(SHEET, ("<worksheet", '<!DOCTYPE x [<!ENTITY a "41">]><worksheet')),
    "Strict": _patch(
        "xl/workbook.xml",
        (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    ),
    "same titles": _patch("xl/workbook.xml", ('name="填写说明"', 'name="填报表"')),
    "no sheets": _patch("xl/workbook.xml", ("<sheets>.*</sheets>", "<sheets/>")),
    "sheet elsewhere": _patch(RELATIONS, ("worksheets/sheet1.xml", "../../etc/passwd")),
    **{kind: _edit(kind) for kind in EDITS},
}
