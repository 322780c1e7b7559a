"""The page and the styles of an official document: fonts, sizes, spacing, page numbers (GB/T 9704)."""

from typing import Any

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Mm, Pt

TITLE_FONT = "方正小标宋简体"
LEVEL_FONTS = {1: "黑体", 2: "楷体_GB2312", 3: "仿宋_GB2312"}
TEXT_FONT = "仿宋_GB2312"
LATIN_FONT = "Times New Roman"
TITLE_SIZE = Pt(22)  # 2号
TEXT_SIZE = Pt(16)  # 3号
TABLE_SIZE = Pt(10.5)  # 5号
LINE = Pt(29)
MARGINS = {"top_margin": Mm(37), "bottom_margin": Mm(35), "left_margin": Mm(28), "right_margin": Mm(26)}
TEXT_WIDTH = 156  # millimetres, upright A4 less its margins


def set_font(style_or_run: Any, font: str, size: Pt, *, bold: bool = False) -> None:
    """Set the Chinese and the Latin font of a style or a run."""
    style_or_run.font.name = LATIN_FONT
    style_or_run.font.size = size
    style_or_run.font.bold = bold
    properties = style_or_run.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), font)
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    for color in properties.findall(qn("w:color")):
        properties.remove(color)


def new_document() -> DocumentObject:
    """Return an empty upright A4 document with the styles of an official document."""
    document: DocumentObject = Document()
    _page(document.sections[0])
    _style(document, "Normal", TEXT_FONT, TEXT_SIZE)
    _style(document, "Title", TITLE_FONT, TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
    for level, font in LEVEL_FONTS.items():
        _style(document, f"Heading {level}", font, TEXT_SIZE, bold=level == 3)
        document.styles[f"Heading {level}"].paragraph_format.keep_with_next = True
    title = document.styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    language = document.styles.element.find(f".//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:eastAsia"), "zh-CN")
    _update_fields_on_opening(document)
    return document


def _style(document: DocumentObject, name: str, font: str, size: Pt, *, bold: bool = False, align: Any = None) -> None:
    style = document.styles[name]
    set_font(style, font, size, bold=bold)
    layout = style.paragraph_format
    layout.space_before = layout.space_after = Pt(0)
    layout.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    layout.line_spacing = LINE if size != TITLE_SIZE else Pt(36)
    layout.alignment = align


def _page(section: Section, *, is_wide: bool = False) -> None:
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_wide else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
    for name, value in MARGINS.items():
        setattr(section, name, value if not is_wide else Mm(25))
    section.footer_distance = Mm(25) if not is_wide else Mm(15)


def new_section(document: DocumentObject, *, is_wide: bool = False, numbered_from: int | None = None) -> Section:
    """Begin a new page section; ``numbered_from`` starts its page numbers anew."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _page(section, is_wide=is_wide)
    numbering = section._sectPr.find(qn("w:pgNumType"))
    if numbering is not None:
        section._sectPr.remove(numbering)
    if numbered_from is not None:
        section.footer.is_linked_to_previous = False
        _page_number(section)
        start = OxmlElement("w:pgNumType")
        start.set(qn("w:start"), str(numbered_from))
        section._sectPr.append(start)
    return section


def _page_number(section: Section) -> None:
    paragraph = section.footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text, field in (("— ", None), (None, "PAGE"), (" —", None)):
        run = paragraph.add_run(text or "")
        set_font(run, "宋体", Pt(14))
        if field:
            add_field(run, field, shown="1")


def add_field(run: Any, instruction: str, *, shown: str) -> None:
    """Put a field (PAGE, TOC …) into a run, with what is shown until Word works it out."""
    begin, code, separate, text, end = (
        OxmlElement("w:fldChar"),
        OxmlElement("w:instrText"),
        OxmlElement("w:fldChar"),
        OxmlElement("w:t"),
        OxmlElement("w:fldChar"),
    )
    begin.set(qn("w:fldCharType"), "begin")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    separate.set(qn("w:fldCharType"), "separate")
    text.text = shown
    end.set(qn("w:fldCharType"), "end")
    for element in (begin, code, separate, text, end):
        run._r.append(element)


def _update_fields_on_opening(document: DocumentObject) -> None:
    update = OxmlElement("w:updateFields")
    update.set(qn("w:val"), "true")
    document.settings.element.append(update)
