"""The table of contents: a field that Word works out, filled with its entries beforehand."""

from collections.abc import Sequence
from typing import Any

from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reports.models import Section
from reports.rendering.fonts import TITLE_FONT, set_font
from reports.rendering.layout import CONTENTS_LEVELS, TITLE_SIZE, add_field, field_code, field_mark

DEEPEST = max(CONTENTS_LEVELS)


def bookmark_of(section: Section) -> str:
    """The name of the bookmark around a section's heading."""
    return f"_Toc{section.position:06d}"


def add_contents(document: DocumentObject, sections: Sequence[Section]) -> None:
    """Add the table of contents; each entry leads to its heading, and asks for its page."""
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    set_font(head.add_run("目　录"), TITLE_FONT, TITLE_SIZE)
    listed = [section for section in sections if section.level <= DEEPEST]
    begin = Run(OxmlElement("w:r"), document.element.body)
    begin._r.extend(
        [field_mark("begin", is_dirty=True), field_code(f'TOC \\o "1-{DEEPEST}" \\h \\z \\u'), field_mark("separate")]
    )
    for number, section in enumerate(listed):
        paragraph = document.add_paragraph(style=f"toc {section.level}")
        if number == 0:
            paragraph._p.append(begin._r)
        _entry(paragraph, section)
        if number == len(listed) - 1:
            paragraph.add_run()._r.append(field_mark("end"))


def _entry(paragraph: Paragraph, section: Section) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("w:anchor"), bookmark_of(section))
    link.set(qn("w:history"), "1")
    paragraph._p.append(link)
    _run_in(link, paragraph).add_text(section.title)
    _run_in(link, paragraph).add_tab()
    add_field(_run_in(link, paragraph), f"PAGEREF {bookmark_of(section)} \\h", shown="")


def _run_in(parent: Any, paragraph: Paragraph) -> Run:
    element = OxmlElement("w:r")
    parent.append(element)
    return Run(element, paragraph)


def mark_heading(heading: Paragraph, section: Section) -> None:
    """Put the bookmark around a heading that the contents lead to."""
    for name in ("w:bookmarkStart", "w:bookmarkEnd"):
        bookmark = OxmlElement(name)
        bookmark.set(qn("w:id"), str(section.position))
        if name == "w:bookmarkStart":
            bookmark.set(qn("w:name"), bookmark_of(section))
            heading._p.insert(1 if heading._p.pPr is not None else 0, bookmark)
        else:
            heading._p.append(bookmark)
