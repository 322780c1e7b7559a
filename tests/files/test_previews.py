"""Showing a kept file in the page: as what its content is, and as nothing that could run."""

import struct
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from files.actions import Infected, store
from files.models import Scan, StoredFile
from files.previews import preview
from tests.factories.organisations import reporter
from tests.files.test_actions import TAKEN

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n%%EOF\n"


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, height, 8, 2, 0, 0, 0)


def jpeg(width: int, height: int) -> bytes:
    start = b"\xff\xd8" + b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    return start + b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, height, width, 3) + b"\0" * 9


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def kept(content: bytes) -> StoredFile:
    return store(SimpleUploadedFile("材料", content), by=reporter())


class TestPreview:
    @pytest.mark.parametrize("content", [png(600, 400), jpeg(600, 400), PDF], ids=["png", "jpeg", "pdf"])
    def test_it_is_shown_as_its_own_type_and_as_no_other(self, content: bytes) -> None:
        row = kept(content)
        answer = preview(row, by=reporter())
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (row.content_type, "nosniff")
        assert answer["Content-Disposition"].startswith("inline")
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"

    def test_a_picture_is_shut_in_a_sandbox_and_in_no_frame(self) -> None:
        answer = preview(kept(png(6, 4)), by=reporter())
        assert answer["Content-Security-Policy"].startswith("sandbox;")
        assert answer["X-Frame-Options"] == "DENY"

    def test_a_pdf_stands_in_a_frame_of_ours_only_and_runs_no_script_of_ours(self) -> None:
        answer = preview(kept(PDF), by=reporter())
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
        assert "script-src" not in answer["Content-Security-Policy"]

    @pytest.mark.parametrize("name", ["docx", "xlsx", "doc", "xls"])
    def test_an_office_file_is_only_handed_out(self, name: str) -> None:
        row = kept(TAKEN[name])
        assert row.preview_kind == ""
        with pytest.raises(ValidationError, match="不能在页面中预览"):
            preview(row, by=reporter())

    @pytest.mark.parametrize(
        "content",
        [png(60_000, 60_000), png(0, 9), png(6, 4)[:20], jpeg(60_000, 60_000), jpeg(6, 4)[:21], TAKEN["jpeg"]],
        ids=["png bomb", "empty png", "png cut off", "jpeg bomb", "jpeg cut off", "jpeg without a size"],
    )
    def test_a_picture_that_no_browser_should_draw_is_not_shown(self, content: bytes) -> None:
        with pytest.raises(ValidationError, match="请下载后查看"):
            preview(kept(content), by=reporter())

    def test_what_was_exchanged_on_the_disk_is_not_shown(self, folder: Path) -> None:
        row = kept(PDF)
        (folder / row.path).write_bytes(b"<html><script>alert(1)</script>")
        with pytest.raises(ValidationError):
            preview(row, by=reporter())

    def test_a_file_with_a_virus_is_not_shown(self) -> None:
        row = kept(PDF)
        row.scan = Scan.INFECTED
        assert row.preview_kind == ""
        with pytest.raises(Infected):
            preview(row, by=reporter())
