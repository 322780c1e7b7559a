"""One cell that holds something else than a plain number; each with the one number that it may come to be."""

from decimal import Decimal
from random import Random
from typing import Any

from openpyxl import Workbook

from tests.workbooks.hostile.books import Good, Kind, Made, edited, with_cell

# what stands in the file, the cell's type, and the only number that it may become
RAW: dict[str, tuple[str, str, str | None]] = {
    "NaN": ("<v>NaN</v>", "", None),
    "infinite": ("<v>-INF</v>", "", None),
    "beyond a double": ("<v>1e400</v>", "", None),
    "no number": ("<v>abc</v>", "", None),
    "hexadecimal": ("<v>0x1F</v>", "n", None),
    "as Excel prints a double": ("<v>41.420000000000002</v>", "", "41.42"),
    "noise of a sum": ("<v>0.30000000000000004</v>", "", "0.3"),
    "seven places": ("<v>4.1234567</v>", "", None),
    "a third": ("<v>0.33333333333333331</v>", "", None),
    "twenty digits": ("<v>12345678901234567890</v>", "", None),
    "exponent": ("<v>4.15E1</v>", "", "41.5"),
    "tiny": ("<v>1E-300</v>", "", None),
    "minus zero": ("<v>-0</v>", "", "0"),
    "formula without result": ("<f>20+21</f>", "", None),
    "formula with empty result": ("<f>20+21</f><v></v>", "", None),
    "formula with result": ("<f>20+21</f><v>41</v>", "", "41"),
    "formula with an error": ("<f>1/0</f><v>#DIV/0!</v>", "e", None),
    "formula with text": ("<f>A1</f><v>约41</v>", "str", None),
    "error": ("<v>#REF!</v>", "e", None),
    "truth value": ("<v>1</v>", "b", None),
    "text far out of the list": ("<v>999999</v>", "s", None),
    "text before the list": ("<v>-1</v>", "s", None),
    "day": ("<v>2023-05-01</v>", "d", None),
    "no such type": ("<v>41</v>", "zz", None),
    "rich text": ("<is><r><t>4</t></r><r><t>1</t></r></is>", "inlineStr", "41"),
    "blanks": ("<is><t>   </t></is>", "inlineStr", None),
    "long text": (f"<is><t>{'9' * 9000}</t></is>", "inlineStr", None),
    "endless text": (f"<is><t>{'9' * 200_000}</t></is>", "inlineStr", None),
}
WRITTEN: dict[str, str | None] = {
    "1,234": "1234",
    "１，２３４．５": "1234.5",
    "3 000": "3000",
    "－3": "-3",
    "−3": "-3",
    "41亿元": "41",
    "7+2+1": "10",
    "1.234,5": None,
    "12,34": None,
    "约41": None,
    "四十一": None,
    "41左右": None,
    "30-50": None,
    "1/2": None,
    "1e3": None,
    "＞60": None,
    "5%": None,
    "1.2万": None,
    "(41)": None,
    "041": None,
    "-": None,
    "——": None,
    "NULL": None,
    "'41": None,
    "=20+21": None,
    "٤١": None,
    "4\u200b1": None,
    "41\n42": None,
    "无数据": None,
    "🙂": None,
}


def _raw(name: str) -> Kind:
    inner, kind, value = RAW[name]

    def make(chance: Random, good: Good) -> Made:
        key = good.some(chance, "亿元")
        return with_cell(good, key, inner, kind), {key: None if value is None else Decimal(value)}

    return make


def written(chance: Random, good: Good) -> Made:
    """As people write numbers, and what they write instead; each row another way."""
    keys = [key for key in good.cells if good.units[key] == "亿元"]
    texts = chance.sample(sorted(WRITTEN), len(keys))

    def change(book: Workbook) -> None:
        for key, text in zip(keys, texts, strict=True):
            cell = book.worksheets[0][good.cells[key]]
            cell.value, cell.data_type = text, "s"

    told = ((key, WRITTEN[text]) for key, text in zip(keys, texts, strict=True))
    return edited(good, change), {key: None if value is None else Decimal(value) for key, value in told}


def _formatted(unit: str, code: str, value: Any, truth: str | None) -> Kind:
    def make(chance: Random, good: Good) -> Made:
        key = good.some(chance, unit)

        def change(book: Workbook) -> None:
            cell = book.worksheets[0][good.cells[key]]
            cell.value, cell.number_format = value, code

        return edited(good, change), {key: None if truth is None else Decimal(truth)}

    return make


VALUES: dict[str, Kind] = {
    **{name: _raw(name) for name in RAW},
    **{f"as people write {number}": written for number in range(8)},
    "percentage": _formatted("%", "0.0%", Decimal("0.469"), "46.9"),
    "percentage in red": _formatted("%", '[Red]0.00%;"负"0.00%', Decimal("0.469"), "46.9"),
    "a sign that is only words": _formatted("%", '0.0"%"', Decimal("46.9"), "46.9"),
    "percentage of another unit": _formatted("亿元", "0.0%", Decimal("0.469"), None),
    "shown in thousands": _formatted("亿元", "#,##0,", 41000, "41000"),
    "shown in ten thousands": _formatted("亿元", '0!.0,"万"', 41000, "41000"),
    "shown as a day": _formatted("亿元", "yyyy-mm-dd", 45000, None),
    "shown as a time": _formatted("亿元", "hh:mm", Decimal("0.5"), None),
    "shown without places": _formatted("亿元", "0", Decimal("41.42"), "41.42"),
}
