"""The page and the styles of an official document: fonts, sizes, spacing, page numbers (GB/T 9704)."""

from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section, _Footer
from docx.shared import Mm, Pt

from reports.rendering.fonts import HEI, KAI, SONG, TEXT_FONT, TITLE_FONT, name_substitutes, set_font

TITLE_SIZE = Pt(22)  # 2号
PART_SIZE = Pt(18)  # 小2号
TEXT_SIZE = Pt(16)  # 3号
PAGE_NUMBER_SIZE = Pt(14)  # 4号
LINE = Pt(29)  # 22 lines of 3号 on a page
LEVELS = {1: (HEI, PART_SIZE), 2: (HEI, TEXT_SIZE), 3: (KAI, TEXT_SIZE), 4: (TEXT_FONT, TEXT_SIZE)}
CONTENTS_LEVELS = {1: HEI, 2: TEXT_FONT}
MARGINS = {"top_margin": Mm(37), "bottom_margin": Mm(35), "left_margin": Mm(28), "right_margin": Mm(26)}
WIDE_MARGINS = {"top_margin": Mm(25), "bottom_margin": Mm(23), "left_margin": Mm(25), "right_margin": Mm(25)}
TEXT_WIDTH = 156  # millimetres, upright A4 less its margins
WIDE_TEXT_WIDTH = 247  # the same across


def new_document() -> DocumentObject:
    """Return an empty upright A4 document with the styles of an official document."""
    document: DocumentObject = Document()
    _page(document.sections[0])
    _style(document, "Normal", TEXT_FONT, TEXT_SIZE)
    _style(document, "Title", TITLE_FONT, TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    for level, (font, size) in LEVELS.items():
        _style(document, f"Heading {level}", font, size, align=WD_ALIGN_PARAGRAPH.CENTER if level == 1 else None)
        document.styles[f"Heading {level}"].paragraph_format.keep_with_next = True
        if level > 1:
            indent_first_line(document.styles[f"Heading {level}"].element)
    for level, font in CONTENTS_LEVELS.items():
        _contents_style(document, level, font)
    title = document.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    language = document.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")
    document.settings.odd_and_even_pages_header_footer = True
    _update_fields_on_opening(document)
    name_substitutes(document)
    return document


def _style(document: DocumentObject, name: str, font: str, size: Pt, *, align: Any = None) -> None:
    style = document.styles[name]
    set_font(style, font, size)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = LINE if size != TITLE_SIZE else Pt(36)
    layout.alignment = align


def _contents_style(document: DocumentObject, level: int, font: str) -> None:
    document.styles.add_style(f"toc {level}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
    _style(document, f"toc {level}", font, TEXT_SIZE)
    layout = document.styles[f"toc {level}"].paragraph_format
    layout.left_indent = TEXT_SIZE * 2 * (level - 1)
    layout.right_indent = TEXT_SIZE * 2
    layout.tab_stops.add_tab_stop(Mm(TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)


def indent_first_line(element: Any) -> None:
    """Indent the first line of a paragraph or of a style's paragraphs by two characters of 3号."""
    indent = element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn("w:firstLineChars"), "200")
    indent.set(qn("w:firstLine"), "640")


def _page(section: Section, *, is_wide: bool = False) -> None:
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    for name, value in (WIDE_MARGINS if is_wide else MARGINS).items():
        setattr(section, name, value)
    section.footer_distance = Mm(15 if is_wide else 25)


def new_section(document: DocumentObject, *, is_wide: bool = False, numbered_from: int | None = None) -> Section:
    """Begin a new page section; ``numbered_from`` starts its page numbers anew."""
    section: Section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, is_wide=is_wide)
    numbering = section._sectPr.find(qn("w:pgNumType"))
    if numbering is not None:
        section._sectPr.remove(numbering)
    if numbered_from is not None:
        for footer, align in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            footer.is_linked_to_previous = False
            _page_number(footer, align)
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), str(numbered_from))
        section._sectPr.append(start)
    return section


def _page_number(footer: _Footer, align: Any) -> None:
    """— 1 —, on the outer side of the page, one character from its edge."""
    paragraph = footer.paragraphs[0]
    paragraph.alignment = align
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = PAGE_NUMBER_SIZE
    for text, field in (("— ", None), (None, "PAGE"), (" —", None)):
        run = paragraph.add_run(text or "")
        set_font(run, SONG, PAGE_NUMBER_SIZE)
        if field:
            add_field(run, field, shown="1")


def _update_fields_on_opening(document: DocumentObject) -> None:
    """Let Word fill in the pages of the contents when it opens the file."""
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    document.settings.element.append(update)


def field_mark(kind: str, *, is_dirty: bool = False) -> Any:
    """Return the beginning, the middle or the end of a field; a dirty one is worked out anew when the file is opened."""
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    if is_dirty:
        mark.set(qn("w:dirty"), "true")
    return mark


def field_code(instruction: str) -> Any:
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    return code


def add_field(run: Any, instruction: str, *, shown: str) -> None:
    """Put a field (PAGE, PAGEREF …) into a run, with what is shown until Word works it out."""
    text = OxmlElement("w:t")
    text.text = shown
    for element in (
        field_mark("begin"),
        field_code(instruction),
        field_mark("separate"),
        text,
        field_mark("end"),
    ):
        run._r.append(element)
