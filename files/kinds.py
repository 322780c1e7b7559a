"""The types of files that are taken, told by their content; a name proves nothing."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HEAD = 4096  # bytes that are looked at
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True)
class Kind:
    words: str
    content_type: str
    endings: tuple[str, ...]  # of a file's name; the usual one first
    fits: Callable[[Path, bytes], bool]


def _starts(*magic: bytes) -> Callable[[Path, bytes], bool]:
    return lambda path, head: head.startswith(magic)


def _holds(member: str) -> Callable[[Path, bytes], bool]:
    """A ZIP container with the member that makes it a Word or Excel file, and no macros; nothing is unpacked."""

    def fits(path: Path, head: bytes) -> bool:
        if not head.startswith(b"PK\x03\x04"):
            return False
        try:
            with zipfile.ZipFile(path) as container:
                names = set(container.namelist())
        except (zipfile.BadZipFile, ValueError, OSError):
            return False
        return member in names and not any(name.lower().endswith("vbaproject.bin") for name in names)

    return fits


def _ole(stream: str) -> Callable[[Path, bytes], bool]:
    """An old Office file: its directory names the stream, in UTF-16."""

    def fits(path: Path, head: bytes) -> bool:
        return head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and stream.encode("utf-16-le") in path.read_bytes()

    return fits


KINDS = (
    Kind("PDF", "application/pdf", (".pdf",), _starts(b"%PDF-")),
    Kind("图片（PNG、JPEG）", "image/png", (".png",), _starts(b"\x89PNG\r\n\x1a\n")),
    Kind("图片（PNG、JPEG）", "image/jpeg", (".jpg", ".jpeg"), _starts(b"\xff\xd8\xff")),
    Kind("Word", f"{OFFICE}wordprocessingml.document", (".docx",), _holds("word/document.xml")),
    Kind("Excel", f"{OFFICE}spreadsheetml.sheet", (".xlsx",), _holds("xl/workbook.xml")),
    Kind("Word", "application/msword", (".doc", ".wps"), _ole("WordDocument")),
    Kind("Excel", "application/vnd.ms-excel", (".xls", ".et"), _ole("Workbook")),
)


def kind_of(path: Path) -> Kind | None:
    """Return the kind of a file by its content, or None where it is none that is taken."""
    with path.open("rb") as content:
        head = content.read(HEAD)
    return next((kind for kind in KINDS if kind.fits(path, head)), None)
