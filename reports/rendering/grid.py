"""Full-grid tables with heads repeated on each page and rows that are not split."""

from typing import Any

from docx.document import Document as DocumentObject
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as WordTable

from reports.rendering.fonts import HEI, TEXT_FONT, set_font
from reports.rendering.layout import TEXT_WIDTH, WIDE_TEXT_WIDTH
from reports.tables import Cell, Column, Table

CAPTION_SIZE = Pt(14)  # 4号
CELL_SIZE = Pt(10.5)  # 5号
CELL_LINE = Pt(14)
CELL_MARGIN = 57  # twentieths of a point: one millimetre
PROSE = 14  # characters of a line from which a cell is read rather than compared, and stands left


def add_table(document: DocumentObject, table: Table, *, is_titled: bool = True) -> None:
    """Add a table with its title above (unless a heading says the same) and its note below, as native Word objects."""
    if is_titled:
        caption = document.add_paragraph()
        _line(caption, table.title, align=WD_ALIGN_PARAGRAPH.CENTER, font=HEI, size=CAPTION_SIZE, spacing=Pt(28))
        caption.paragraph_format.keep_with_next = True
    grid = document.add_table(rows=0, cols=len(table.columns), style="Table Grid")
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    grid.autofit = False
    _narrow_margins(grid)
    widths = _widths(table)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    head = grid.add_row()
    _mark(head, "w:cantSplit")
    _mark(head, "w:tblHeader")
    for cell, column, width in zip(head.cells, table.columns, widths, strict=True):
        _fill(cell, Cell(column.head), column, width, is_head=True)
    for row in table.rows:
        added = grid.add_row()
        _mark(added, "w:cantSplit")
        if row.is_group:
            merged = added.cells[0].merge(added.cells[-1])
            _write(merged, row.cells[0], align=WD_ALIGN_PARAGRAPH.LEFT, font=HEI)
            merged.paragraphs[0].paragraph_format.keep_with_next = True
            continue
        for cell, content, column, width in zip(added.cells, row.cells, table.columns, widths, strict=True):
            _fill(cell, content, column, width)
    if table.note:
        _keep_with_what_follows(grid)
    note = document.add_paragraph()
    _line(note, table.note, align=WD_ALIGN_PARAGRAPH.LEFT, font=TEXT_FONT, size=CELL_SIZE, spacing=Pt(18))


def _widths(table: Table) -> list[Mm]:
    """Spread the columns over the whole width of the text, by their shares."""
    whole = WIDE_TEXT_WIDTH if table.is_wide else TEXT_WIDTH
    shares = sum(column.width for column in table.columns)
    return [Mm(column.width * whole / shares) for column in table.columns]


def _fill(cell: Any, content: Cell, column: Column, width: Mm, *, is_head: bool = False) -> None:
    cell.width = width
    is_prose = max(map(len, str(content).split("\n"))) > PROSE
    centred = is_head or (column.is_figure and not is_prose)
    align = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
    _write(cell, content, align=align, font=HEI if is_head else TEXT_FONT)


def _write(cell: Any, content: Cell, *, align: Any, font: str) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    for number, line in enumerate(str(content).split("\n")):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        _line(paragraph, line, align=align, font=font, size=CELL_SIZE, spacing=CELL_LINE)


def _line(paragraph: Any, text: str, *, align: Any, font: str, size: Pt, spacing: Pt) -> None:
    if text:
        set_font(paragraph.add_run(text), font, size)
    layout = paragraph.paragraph_format
    layout.alignment = align
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = spacing


def _keep_with_what_follows(grid: WordTable) -> None:
    """Keep the last row on one page with the note."""
    for cell in grid.rows[-1].cells:
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def _narrow_margins(grid: WordTable) -> None:
    """One millimetre beside the text of a cell instead of Word's two, half a one above and below, so that 11304.35 stands on one line."""
    margins = OxmlElement("w:tblCellMar")
    for side, width in (
        ("w:top", CELL_MARGIN // 2),
        ("w:left", CELL_MARGIN),
        ("w:bottom", CELL_MARGIN // 2),
        ("w:right", CELL_MARGIN),
    ):
        margin = OxmlElement(side)
        margin.set(qn("w:w"), str(width))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    grid._tbl.tblPr.append(margins)


def _mark(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
