"""The fonts of official documents, by the names that they have in government offices."""

from typing import Any

from docx.document import Document as DocumentObject
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

TITLE_FONT = "方正小标宋简体"
HEI = "黑体"
KAI = "楷体_GB2312"
TEXT_FONT = "仿宋_GB2312"
SONG = "宋体"

# where a font of the standard is not installed: what the system has instead
SUBSTITUTES = {TITLE_FONT: "华文中宋", KAI: "楷体", TEXT_FONT: "仿宋", HEI: "SimHei", SONG: "SimSun"}


def set_font(style_or_run: Any, font: str, size: Pt, *, bold: bool = False) -> None:
    """Set one font for Chinese and Latin text of a style or a run.

    GB/T 9704 knows no second font for digits; with one, Word would also set “ ” in it, at half width.
    """
    style_or_run.font.name = font
    style_or_run.font.size = size
    style_or_run.font.bold = bold
    properties = style_or_run.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for attribute in ("w:eastAsia", "w:cs"):
        fonts.set(qn(attribute), font)
    fonts.set(qn("w:hint"), "eastAsia")
    for theme in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)
    for color in properties.findall(qn("w:color")):
        properties.remove(color)


def name_substitutes(document: DocumentObject) -> None:
    """Tell Word which font to take where one of ours is missing (its table of fonts, ``altName``)."""
    table = next(
        part.target_part for part in document.part.rels.values() if part.reltype == RELATIONSHIP_TYPE.FONT_TABLE
    )
    fonts = parse_xml(table.blob)
    for name, substitute in SUBSTITUTES.items():
        font = parse_xml(f'<w:font {nsdecls("w")} w:name="{name}"/>')
        other = OxmlElement("w:altName")
        other.set(qn("w:val"), substitute)
        font.append(other)
        fonts.append(font)
    table._blob = serialize_part_xml(fonts)
