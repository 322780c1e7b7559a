"""Keeping files: one content once, its type read from what is in it, never from its name."""

import hashlib
import logging
import os
import tempfile
import unicodedata
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse

from audit.clock import now
from audit.recording import record, recorded
from audit.security import note
from files.kinds import KINDS, HasMacros, Kind, kind_of
from files.models import Scan, StoredFile
from files.scanning import Scanned, scan
from organisations.models import User

INCOMING = "incoming-"  # how the name of an upload begins until its content is known
logger = logging.getLogger("files")
NAME_LIMIT = 120  # characters; Chinese ones take three bytes each in a file system


class Infected(FileNotFoundError):
    """A file in which a virus was found after it had been taken: nobody gets it."""


def store(upload: "UploadedFile[bytes]", *, by: User) -> StoredFile:
    """Keep an upload under the SHA-256 of its content; the same content lies on the disk once.

    Raises:
        ValidationError: it is empty, larger than the limit, of a type that isn't taken, has macros, or a virus.
    """
    limit = settings.UPLOAD_LIMIT
    if (upload.size or 0) > limit:
        raise ValidationError(f"文件过大：每个文件最多 {limit // 1024 // 1024} MB。")
    folder = Path(settings.MEDIA_ROOT)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, written = tempfile.mkstemp(dir=folder, prefix=INCOMING)
    try:
        with os.fdopen(descriptor, "wb") as target:
            size, digest = _copy(upload, target, limit)
        kind = _kind(Path(written), tidy_name(upload.name))
        scanned = _without_virus(Path(written), tidy_name(upload.name))
        path = _keep(Path(written), folder, digest)
    finally:
        Path(written).unlink(missing_ok=True)
    with recorded(by=by, reason="上传文件"):
        return StoredFile.objects.create(
            name=name_of(upload, kind),
            content_type=kind.content_type,
            size=size,
            sha256=digest,
            path=str(path),
            uploaded_by=by,
            uploaded_at=now(),
            scan=scanned.state,
            scanned_at=now() if scanned.state == Scan.CLEAN else None,
        )


def _kind(written: Path, name: str) -> Kind:
    """Return the kind of what was uploaded, by its content.

    Raises:
        ValidationError: none that is taken, or one with macros.
    """
    try:
        kind = kind_of(written)
    except HasMacros:
        raise ValidationError(f"“{name}”含有宏，不能接收。请另存为不含宏的文件（.docx、.xlsx）后重新上传。") from None
    if kind is None:
        names = "、".join(dict.fromkeys(each.words for each in KINDS))
        raise ValidationError(f"“{name}”的内容不是可以接收的类型。请上传{names}文件。")
    return kind


def _without_virus(written: Path, name: str) -> Scanned:
    """Scan what was uploaded. Where the scanner is out of order it is taken all the same, and scanned later.

    Raises:
        ValidationError: it has a virus.
    """
    scanned = scan(written)
    if scanned.state == Scan.INFECTED:
        logger.warning("virus in an upload: %s", scanned.found)
        raise ValidationError(f"“{name}”查出病毒（{scanned.found}），没有接收。请先清除病毒，再重新上传。")
    return scanned


def scan_again() -> tuple[int, int]:
    """Scan what nobody has scanned yet: how many contents were scanned, and how many of them have a virus.

    A file with a virus stays where it is, and isn't handed out any more. It stops where the scanner doesn't answer.
    """
    done, bad, known = 0, 0, dict[str, Scanned]()
    waiting = StoredFile.objects.filter(scan__in=[Scan.UNAVAILABLE, Scan.NOT_CONFIGURED])
    for key, digest, path in waiting.order_by("-id").values_list("pk", "sha256", "path"):
        place = Path(settings.MEDIA_ROOT) / path
        if digest not in known:
            if not place.exists():
                continue
            known[digest] = scan(place)
            if known[digest].state not in (Scan.CLEAN, Scan.INFECTED):
                break
            done += 1
            bad += known[digest].state == Scan.INFECTED
        _note_scan(key, known[digest])
    return done, bad


def _note_scan(key: int, scanned: Scanned) -> None:
    with recorded(by=None, reason="病毒扫描"):
        kept = StoredFile.objects.select_for_update().get(pk=key)
        kept.scan, kept.scanned_at = scanned.state, now()
        kept.save(update_fields=["scan", "scanned_at"])
        if scanned.state == Scan.INFECTED:
            record("file.infected", kept, found=scanned.found)


def _copy(upload: "UploadedFile[bytes]", target: IO[bytes], limit: int) -> tuple[int, str]:
    """Write the upload to the target piece by piece; return its size in bytes and its SHA-256."""
    digest, size = hashlib.sha256(), 0
    for chunk in upload.chunks():
        size += len(chunk)
        if size > limit:
            raise ValidationError(f"文件过大：每个文件最多 {limit // 1024 // 1024} MB。")
        digest.update(chunk)
        target.write(chunk)
    if not size:
        raise ValidationError("文件是空的，请重新选择。")
    return size, digest.hexdigest()


def _keep(written: Path, folder: Path, digest: str) -> Path:
    """Move the content to its place unless it lies there already; return the place, relative to the folder."""
    path = Path(digest[:2]) / digest
    target = folder / path
    target.parent.mkdir(mode=0o700, exist_ok=True)
    if not target.exists():
        with written.open("rb") as content:
            os.fsync(content.fileno())
        written.chmod(0o600)
        written.replace(target)
    return path


def tidy_name(name: str | None) -> str:
    """The uploader's name for the file, without folders and characters that no file name should hold."""
    bare = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in bare if unicodedata.category(c)[0] != "C" and c not in '<>:"|?*').strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if dot and len(kept) > NAME_LIMIT:
        kept = f"{stem[: NAME_LIMIT - len(ending) - 1]}.{ending[:10]}"
    return kept[:NAME_LIMIT] or "未命名文件"


def name_of(upload: "UploadedFile[bytes]", kind: Kind) -> str:
    """The uploader's name, with an ending of the content's own type: a program goes by the ending, whatever we checked."""
    name = tidy_name(upload.name)
    return name if name.lower().endswith(kind.endings) else tidy_name(f"{name}{kind.endings[0]}")


def download(kept: StoredFile, *, by: User) -> FileResponse:
    """Hand a file out for keeping, never for showing in the browser; who took it is recorded.

    Raises:
        FileNotFoundError: the content is gone from the disk, or was found to have a virus.
    """
    if kept.is_infected:
        raise Infected(kept.name)
    content = (Path(settings.MEDIA_ROOT) / kept.path).open("rb")
    note("file.download", by=by, about=kept.name, detail={"bytes": kept.size})
    answer = FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type)
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Security-Policy"] = "sandbox"
    return answer
