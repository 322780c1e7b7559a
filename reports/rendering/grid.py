"""Full-grid tables with heads repeated on each page."""

from typing import Any

from docx.document import Document as DocumentObject
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable

from reports.rendering.layout import TABLE_SIZE, TEXT_FONT, set_font
from reports.tables import Cell, Column, Table


def add_table(document: DocumentObject, table: Table) -> None:
    """Add a table with its title above and its note below, as native Word objects."""
    caption = _paragraph(
        document.add_paragraph(), table.title, align=WD_ALIGN_PARAGRAPH.CENTER, font="黑体", size=Pt(14)
    )
    caption.paragraph_format.keep_with_next = True
    grid = document.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    _fixed_layout(grid)
    head = grid.add_row()
    _mark(head, "w:tblHeader")
    for cell, column in zip(head.cells, table.columns, strict=True):
        _fill(cell, Cell(column.head), column, is_head=True)
    for row in table.rows:
        added = grid.add_row()
        if row.is_group:
            merged = added.cells[0].merge(added.cells[-1])
            _write(merged, row.cells[0], align=WD_ALIGN_PARAGRAPH.LEFT, font="黑体")
            _mark(added, "w:cantSplit")
            continue
        if sum(len(str(cell)) for cell in row.cells) < 400:
            _mark(added, "w:cantSplit")
        for cell, content, column in zip(added.cells, row.cells, table.columns, strict=True):
            _fill(cell, content, column)
    if table.note:
        _paragraph(
            document.add_paragraph(), table.note, align=WD_ALIGN_PARAGRAPH.LEFT, font=TEXT_FONT, size=TABLE_SIZE
        )


def _fill(cell: Any, content: Cell, column: Column, *, is_head: bool = False) -> None:
    cell.width = Mm(column.width)
    is_prose = len(str(content)) > 24 and not is_head
    centred = is_head or (column.is_figure and not is_prose)
    align = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    _write(cell, content, align=align, font="黑体" if is_head else TEXT_FONT)


def _write(cell: Any, content: Cell, *, align: Any, font: str) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    lines = str(content).split("\n")
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _paragraph(paragraph, line, align=align, font=font, size=TABLE_SIZE, line=Pt(16))


def _paragraph(paragraph: Any, text: str, *, align: Any, font: str, size: Pt, line: Pt | None = None) -> Any:
    set_font(paragraph.add_run(text), font, size)
    layout = paragraph.paragraph_format
    layout.alignment = align
    layout.first_line_indent = None
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = line or Pt(24)
    return paragraph


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def _fixed_layout(grid: WordTable) -> None:
    layout = OxmlElement("w:tblLayout")
    layout.set(qn("w:type"), "fixed")
    grid._tbl.tblPr.append(layout)
