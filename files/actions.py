"""Keeping files: one content once, its type read from what is in it, never from its name."""

import hashlib
from pathlib import Path

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from audit.clock import now
from audit.recording import recorded
from files.models import StoredFile
from organisations.models import User


def store(upload: "UploadedFile[bytes]", *, by: User) -> StoredFile:
    """Keep an upload under the hash of its content.

    Raises:
        ValidationError: it is empty, or larger than the limit.
    """
    content = upload.read(settings.UPLOAD_LIMIT + 1)
    if not content:
        raise ValidationError("文件是空的，请重新选择。")
    if len(content) > settings.UPLOAD_LIMIT:
        raise ValidationError(f"文件过大：每个文件最多 {settings.UPLOAD_LIMIT // 1024 // 1024} MB。")
    digest = hashlib.sha256(content).hexdigest()
    path = Path(digest[:2]) / digest
    target = Path(settings.MEDIA_ROOT) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    with recorded(by=by, reason="上传文件"):
        return StoredFile.objects.create(
            name=(upload.name or "")[:200],
            content_type=_type_of(content),
            size=len(content),
            sha256=digest,
            path=str(path),
            uploaded_by=by,
            uploaded_at=now(),
        )


def _type_of(content: bytes) -> str:
    try:
        return str(puremagic.from_string(content, mime=True)) or "application/octet-stream"
    except puremagic.PureError:
        return "application/octet-stream"
