"""Showing a kept file in the page: a picture or a PDF, as nothing else than what its content is."""

import struct
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import FileResponse

from audit.security import note
from files.actions import Infected
from files.models import StoredFile
from organisations.models import User

PICTURE, PDF = "picture", "pdf"
MOST_PIXELS = 50_000_000  # of a picture that a browser is given to draw
HEAD = 1024 * 1024  # bytes of a picture in which its size has to stand
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the markers of JPEG that a size follows
POLICIES = {
    PICTURE: "sandbox; default-src 'none'; frame-ancestors 'none'",
    # the browser's own viewer is an embedded object with a style of its own; scripts of the page's origin stay shut out
    PDF: "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'",
}


def preview(kept: StoredFile, *, by: User) -> FileResponse:
    """Hand a picture or a PDF out for showing, under a policy that lets it do nothing else; who looked is recorded.

    Raises:
        ValidationError: it is neither, its content isn't what its type says, or it is too large to be drawn.
        FileNotFoundError: the content is gone from the disk, or was found to have a virus.
    """
    if kept.is_infected:
        raise Infected(kept.name)
    path = Path(settings.MEDIA_ROOT) / kept.path
    kind = kept.preview_kind
    if not kind or not _is_what_it_says(path, kept.content_type):
        raise ValidationError("这个文件不能在页面中预览，请下载后查看。")
    content = path.open("rb")
    note("file.preview", by=by, about=kept.name, detail={"bytes": kept.size})
    answer = FileResponse(content, filename=kept.name, content_type=kept.content_type)
    answer["Content-Security-Policy"] = POLICIES[kind]
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["X-Frame-Options"] = "SAMEORIGIN" if kind == PDF else "DENY"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _is_what_it_says(path: Path, content_type: str) -> bool:
    with path.open("rb") as content:
        head = content.read(HEAD)
    if content_type == "application/pdf":
        return head.startswith(b"%PDF-")
    size = _size_of_png(head) if content_type == "image/png" else _size_of_jpeg(head)
    return size is not None and 0 < size[0] * size[1] <= MOST_PIXELS


def _size_of_png(head: bytes) -> tuple[int, int] | None:
    if not head.startswith(b"\x89PNG\r\n\x1a\n") or head[12:16] != b"IHDR" or len(head) < 24:
        return None
    width, height = struct.unpack_from(">II", head, 16)
    return width, height


def _size_of_jpeg(head: bytes) -> tuple[int, int] | None:
    """Go from marker to marker until the one that the size follows."""
    place = 2
    while head.startswith(b"\xff\xd8") and place + 9 <= len(head) and head[place] == 0xFF:
        marker = head[place + 1]
        if marker in FRAMES:
            height, width = struct.unpack_from(">HH", head, place + 5)
            return width, height
        place += 2 + struct.unpack_from(">H", head, place + 2)[0] if marker != 0xFF else 1
    return None
