"""The whole report: title page, table of contents, parts, tables, appendix."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Pt

from reports.models import Section
from reports.rendering.grid import add_table
from reports.rendering.layout import TITLE_FONT, TITLE_SIZE, add_field, new_document, new_section, set_font
from reports.tables import Table


@dataclass(frozen=True)
class TitlePage:
    """The lines of the title page, and the document's properties."""

    title: str
    subtitle: str
    issuer: str
    date: str


def render(front: TitlePage, sections: Sequence[Section], tables: Mapping[str, Table]) -> bytes:
    """Return the report as a Word file; each section is followed by the tables it names.

    A table that is wide, as the appendix, gets landscape pages of its own.
    """
    document = new_document()
    document.core_properties.title = front.title
    document.core_properties.author = front.issuer
    document.core_properties.comments = ""
    _title_page(document, front)
    _contents(document, sections)
    new_section(document, numbered_from=1)
    for number, section in enumerate(sections):
        shown = [tables[name] for name in section.tables if name in tables]
        is_wide = any(table.is_wide for table in shown)
        if is_wide:
            new_section(document, is_wide=True)
        elif section.level == 1 and number:
            page_break(document)
        document.add_heading(section.title, level=section.level)
        for paragraph in filter(None, (line.strip() for line in section.body.splitlines())):
            _text(document, paragraph)
        for table in shown:
            add_table(document, table)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def page_break(document: DocumentObject) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _title_page(document: DocumentObject, front: TitlePage) -> None:
    for _ in range(5):
        document.add_paragraph()
    document.add_paragraph(front.title, style="Title")
    if front.subtitle:
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        set_font(paragraph.add_run(front.subtitle), "楷体_GB2312", Pt(16))
    for _ in range(12):
        document.add_paragraph()
    for line in (front.issuer, front.date):
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER
    page_break(document)


def _contents(document: DocumentObject, sections: Sequence[Section]) -> None:
    """Add a table of contents that Word fills with page numbers; until then it lists the headings."""
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(head.add_run("目　录"), TITLE_FONT, TITLE_SIZE)
    listed = [section for section in sections if section.level <= 2]
    first = document.add_paragraph()
    add_field(first.add_run(), 'TOC \\o "1-2" \\h \\z \\u', shown="")
    run = first.runs[0]._r
    end = run.findall(qn("w:fldChar"))[-1]
    run.remove(end)
    for number, section in enumerate(listed):
        paragraph = first if number == 0 else document.add_paragraph()
        paragraph.paragraph_format.left_indent = Pt(32 * (section.level - 1))
        paragraph.add_run(section.title)
        if number == len(listed) - 1:
            paragraph.add_run()._r.append(end)


def _text(document: DocumentObject, text: str) -> None:
    paragraph: Any = document.add_paragraph(text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")
