"""The whole report: title page, table of contents, parts, tables, appendix."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX

from reports.models import Section
from reports.rendering.contents import add_contents, mark_heading
from reports.rendering.fonts import KAI, TEXT_FONT, set_font
from reports.rendering.grid import add_table
from reports.rendering.layout import TEXT_SIZE, indent_first_line, new_document, new_section
from reports.tables import Table

PLACEHOLDER = "【待撰写】"
SECOND_LEVEL = re.compile(r"（[一二三四五六七八九十]{1,3}）")
TITLE_LINES_BEFORE, TITLE_LINES_AFTER = 5, 11


@dataclass(frozen=True)
class TitlePage:
    """The lines of the title page, and the document's properties."""

    title: str
    subtitle: str
    issuer: str
    date: str


def render(front: TitlePage, sections: Sequence[Section], tables: Mapping[str, Table]) -> bytes:
    """Return the report as a Word file; each section is followed by the tables it names.

    A table that is wide, as the appendix, gets landscape pages of its own. Placeholder text is marked as such.
    """
    document = new_document()
    document.core_properties.title = front.title
    document.core_properties.author = front.issuer
    document.core_properties.comments = ""
    _title_page(document, front)
    new_section(document)
    add_contents(document, sections)
    new_section(document, numbered_from=1)
    is_wide = False
    for number, section in enumerate(sections):
        shown = [tables[name] for name in section.tables if name in tables]
        wanted_wide = any(table.is_wide for table in shown)
        if wanted_wide != is_wide:
            new_section(document, is_wide=wanted_wide)
        heading = document.add_heading(section.title, level=section.level)
        heading.paragraph_format.page_break_before = bool(section.level == 1 and number and wanted_wide == is_wide)
        is_wide = wanted_wide
        mark_heading(heading, section)
        _body(document, section)
        for table in shown:
            add_table(document, table, is_titled=not section.title.endswith(table.title))
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _title_page(document: DocumentObject, front: TitlePage) -> None:
    for _ in range(TITLE_LINES_BEFORE):
        document.add_paragraph()
    document.add_paragraph(front.title, style="Title")
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(paragraph.add_run(front.subtitle), KAI, TEXT_SIZE)
    for _ in range(TITLE_LINES_AFTER):
        document.add_paragraph()
    for line in filter(None, (front.issuer, front.date)):
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _body(document: DocumentObject, section: Section) -> None:
    lines = [line.strip() for line in section.body.splitlines()]
    for line in filter(None, lines):
        paragraph = document.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        indent_first_line(paragraph._p)
        if section.is_written_by_people and section.is_placeholder:
            set_font(paragraph.add_run(PLACEHOLDER), TEXT_FONT, TEXT_SIZE)
            set_font(paragraph.add_run(line), TEXT_FONT, TEXT_SIZE)
            for run in paragraph.runs:
                run.font.highlight_color = WD_COLOR_INDEX.YELLOW
        else:
            _text(paragraph, line)


def _text(paragraph: Any, line: str) -> None:
    """Write a paragraph; the leading sentence of one that begins with （一） is a heading of the second level."""
    head, stop, rest = line.partition("。") if SECOND_LEVEL.match(line) else ("", "", line)
    for text, font in ((head + stop, KAI), (rest, TEXT_FONT)):
        if text:
            set_font(paragraph.add_run(text), font, TEXT_SIZE)
