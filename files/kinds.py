"""The types of files that are taken, told by their content; a name proves nothing."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from files import ole

HEAD = 4096  # bytes that are looked at
OFFICE = "application/vnd.openxmlformats-officedocument."
OLD_MACROS = {"Macros", "_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA"}
"""Streams and storages of an old Office file that hold programs."""


class HasMacros(ValueError):
    """A Word or Excel file with programs in it, which nobody takes."""


@dataclass(frozen=True)
class Kind:
    words: str
    content_type: str
    endings: tuple[str, ...]  # of a file's name; the usual one first
    fits: Callable[[Path, bytes], bool]

    @property
    def short(self) -> str:
        return self.words.partition("（")[0]


def _starts(*magic: bytes) -> Callable[[Path, bytes], bool]:
    return lambda path, head: head.startswith(magic)


def _holds(member: str) -> Callable[[Path, bytes], bool]:
    """A ZIP container with the member that makes it a Word or Excel file; nothing is unpacked."""

    def fits(path: Path, head: bytes) -> bool:
        if not head.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(path) as container:
                names = {name.lower().replace("\\", "/") for name in container.namelist()}
        except (zipfile.BadZipFile, ValueError, OSError):
            return False
        if member not in names:
            return False
        if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
            raise HasMacros
        return True

    return fits


def _ole(*streams: str) -> Callable[[Path, bytes], bool]:
    """An old Office file: its directory names one of the streams."""

    def fits(path: Path, head: bytes) -> bool:
        if not head.startswith(ole.MAGIC):
            return False
        try:
            names = ole.names_in(path)
        except ole.Broken:
            return False
        if not names.intersection(streams):
            return False
        if names & OLD_MACROS:
            raise HasMacros
        return True

    return fits


KINDS = (
    Kind("PDF", "application/pdf", (".pdf",), _starts(b"%PDF-")),
    Kind("图片（PNG、JPEG）", "image/png", (".png",), _starts(b"\x89PNG\r\n\x1a\n")),
    Kind("图片（PNG、JPEG）", "image/jpeg", (".jpg", ".jpeg"), _starts(b"\xff\xd8\xff")),
    Kind("Word", f"{OFFICE}wordprocessingml.document", (".docx",), _holds("word/document.xml")),
    Kind("Excel", f"{OFFICE}spreadsheetml.sheet", (".xlsx",), _holds("xl/workbook.xml")),
    Kind("Word", "application/msword", (".doc", ".wps"), _ole("WordDocument")),
    Kind("Excel", "application/vnd.ms-excel", (".xls", ".et"), _ole("Workbook", "Book")),
)


def kind_of(path: Path) -> Kind | None:
    """Return the kind of a file by its content, or None where it is none that is taken.

    Raises:
        HasMacros: it is a Word or Excel file with programs in it.
    """
    with path.open("rb") as content:
        head = content.read(HEAD)
    return next((kind for kind in KINDS if kind.fits(path, head)), None)
