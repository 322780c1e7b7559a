"""All units' self-reports in one Word file, section by section."""

from collections.abc import Sequence
from io import BytesIO
from itertools import groupby

from docx.enum.text import WD_ALIGN_PARAGRAPH
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from reports.rendering.fonts import KAI, TEXT_FONT, set_font
from reports.rendering.layout import TEXT_SIZE, indent_first_line, new_document, new_section
from submissions.queries.self_reports import Written


def render_self_reports(title: str, date: str, texts: Sequence[Written]) -> bytes:
    """Return the file: a heading for each section of the outline, under it each unit's text; empty ones are left out."""
    document = new_document()
    document.core_properties.title = title
    document.core_properties.comments = ""
    document.add_paragraph(title, style="Title")
    dated = document.add_paragraph()
    dated.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(dated.add_run(f"（{date}导出）"), KAI, TEXT_SIZE)
    new_section(document, numbered_from=1)
    written = [each for each in texts if each.note.progress]
    for order, (_, group) in enumerate(groupby(sorted(written, key=_number), key=_number)):
        units = list(group)
        heading = document.add_heading(units[0].note.section.title if units[0].note.section else "", level=1)
        heading.paragraph_format.page_break_before = bool(order)
        for each in units:
            mark = "" if each.note.is_published else f"（{each.words}）"
            document.add_heading(f"{each.note.submission.organisation_name}{mark}", level=2)
            for line in filter(None, (line.strip() for line in each.note.progress.splitlines())):
                paragraph = document.add_paragraph()
                paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
                indent_first_line(paragraph._p)
                set_font(paragraph.add_run(ILLEGAL_CHARACTERS_RE.sub("\ufffd", line)), TEXT_FONT, TEXT_SIZE)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _number(each: Written) -> int:
    return each.note.section.number if each.note.section else 0
