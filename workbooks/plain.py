"""A workbook of one plain sheet, written quickly: thousands of rows without formats. Texts are inert."""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from audit.spreadsheets import inert
from workbooks.cells import column_letter

_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FORBIDDEN = re.compile(r"[\\/*?:\[\]\x00-\x1f]")
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/styles.xml": (
        f"<styleSheet {_MAIN}>"
        '<fonts count="1"><font><sz val="11"/><name val="Microsoft YaHei"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ),
}


def plain_workbook(title: str, rows: Iterable[Sequence[Decimal | str | None]], *, widths: Sequence[int]) -> bytes:
    """Return an .xlsx of one sheet; a number stands as it is written, digit by digit."""
    letters = [column_letter(number) for number in range(1, len(widths) + 81)]
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, start=1)
    )
    lines = [f"{_DECLARED}<worksheet {_MAIN}><cols>{columns}</cols><sheetData>"]
    for number, row in enumerate(rows, start=1):
        cells = [
            _cell(f"{letter}{number}", value) for letter, value in zip(letters, row, strict=False) if value is not None
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    lines.append("</sheetData></worksheet>")
    named = quoteattr(_FORBIDDEN.sub("_", title)[:31] or "Sheet1")
    book = f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets><sheet name={named} sheetId="1" r:id="rId1"/></sheets></workbook>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for name, part in _PARTS.items():
            package.writestr(name, _DECLARED + part)
        package.writestr("xl/workbook.xml", _DECLARED + book)
        package.writestr("xl/worksheets/sheet1.xml", "".join(lines))
    return content.getvalue()


def _cell(place: str, value: Decimal | str) -> str:
    if isinstance(value, Decimal):
        return f'<c r="{place}"><v>{value:f}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'


@lru_cache(maxsize=4096)
def _text(value: str) -> str:
    return escape(inert(value)).encode("utf-8", "replace").decode()
