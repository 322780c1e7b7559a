"""Keeping files: told by their content, stored once, named safely."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from files.actions import store, tidy_name
from files.models import StoredFile
from tests.factories.organisations import reporter
from tests.files.containers import old_office

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def container(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for member in members:
            made.writestr(member, "x")
    return buffer.getvalue()


def kept(content: bytes, name: str = "材料.pdf") -> StoredFile:
    return store(SimpleUploadedFile(name, content), by=reporter())


def round_and_round() -> bytes:
    content = bytearray(old_office("Workbook"))
    content[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")
    return bytes(content)


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512
TAKEN = {
    "pdf": PDF,
    "png": b"\x89PNG\r\n\x1a\n....",
    "jpeg": b"\xff\xd8\xff\xe0....",
    "docx": container("[Content_Types].xml", "word/document.xml"),
    "xlsx": container("[Content_Types].xml", "xl/workbook.xml"),
    "doc": old_office("1Table", "WordDocument"),
    "xls": old_office("Workbook"),
    "a very old xls": old_office("a", "b", "c", "d", "e", "f", "Book"),
}
MACROS = {
    "docm": container("word/document.xml", "word/vbaProject.bin"),
    "xlsm": container("xl/workbook.xml", "xl/vbaProject.bin"),
    "a sheet of macros": container("xl/workbook.xml", "xl/macrosheets/sheet1.xml"),
    "doc": old_office("WordDocument", "Macros", "VBA", "_VBA_PROJECT"),
    "xls": old_office("Workbook", "_VBA_PROJECT_CUR", "VBA"),
}
REFUSED = {
    "a program": b"MZ\x90\x00",
    "a page": b"<html><script>alert(1)</script>",
    "a drawing with script": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "an archive": container("a.txt"),
    "an old file that only speaks of a document": OLD + "WordDocument".encode("utf-16-le"),
    "an old file that is cut off": old_office("Workbook")[:1024],
    "an old file whose directory goes round": round_and_round(),
    "a broken container": b"PK\x03\x04broken",
    "another old file": OLD,
    "text": "约 1298 家".encode(),
}


class TestStore:
    @pytest.mark.parametrize("content", MACROS.values(), ids=MACROS)
    def test_macros_are_refused_by_name(self, content: bytes) -> None:
        with pytest.raises(ValidationError, match=r"“材料.pdf”含有宏，不能接收。请另存为不含宏的文件"):
            kept(content)

    @pytest.mark.parametrize("content", TAKEN.values(), ids=TAKEN)
    def test_documents_and_pictures_are_taken(self, content: bytes) -> None:
        assert kept(content).size == len(content)

    @pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
    def test_anything_else_is_refused_whatever_its_name(self, content: bytes, folder: Path) -> None:
        with pytest.raises(ValidationError, match="不是可以接收的类型"):
            kept(content, "月报.pdf")
        assert [each for each in folder.rglob("*") if each.is_file()] == []

    @pytest.mark.parametrize(
        ("content", "name", "stored"),
        [
            (PDF, "月报.PDF", "月报.PDF"),
            (PDF, "月报", "月报.pdf"),
            (PDF + b"<script>", "月报.hta", "月报.hta.pdf"),
            (TAKEN["xlsx"], "月报.xlsm", "月报.xlsm.xlsx"),
            (TAKEN["doc"], "月报.wps", "月报.wps"),
        ],
    )
    def test_a_name_never_says_another_type_than_the_content(self, content: bytes, name: str, stored: str) -> None:
        assert kept(content, name).name == stored

    def test_an_empty_file_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="空的"):
            kept(b"")

    def test_a_file_over_the_limit_is_refused(self, settings) -> None:
        settings.UPLOAD_LIMIT = 10
        with pytest.raises(ValidationError, match="文件过大"):
            kept(PDF)

    def test_the_same_content_lies_on_the_disk_once(self, folder: Path) -> None:
        first, second = kept(PDF, "甲.pdf"), kept(PDF, "乙.pdf")
        assert (first.path, first.sha256) == (second.path, second.sha256)
        assert len([each for each in folder.rglob("*") if each.is_file()]) == 1

    def test_nobody_else_on_the_machine_reads_it(self, folder: Path) -> None:
        assert (folder / kept(PDF).path).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\用户\\名单.xlsx", "名单.xlsx"),
        ("月\x00报\n.pdf", "月报.pdf"),
        ("\u202efdp.exe", "fdp.exe"),
        ("", "未命名文件"),
        ("...", "未命名文件"),
    ],
)
def test_a_name_holds_no_folder_and_no_trick(given: str, name: str) -> None:
    assert tidy_name(given) == name


def test_a_long_name_keeps_its_ending() -> None:
    assert tidy_name(f"{'名' * 300}.xlsx") == f"{'名' * 115}.xlsx"
