"""Files that are not what they say: each is refused with a sentence of its own."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.workbooks.books import CLEAR_WATER, copy_of
from workbooks import reading
from workbooks.cells import Unusable
from workbooks.plan_reading import TITLES
from workbooks.reading import read_folder, read_workbook


def package(*names: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "x")

    return write


def content(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (80 * 1024 * 1024))


def entities(path: Path) -> None:
    """A billion laughs in the sheet that is read first."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]><x>&l9;</x>')
        archive.writestr("[Content_Types].xml", f'<?xml version="1.0"?><!DOCTYPE x [{laughs}]><x>&l9;</x>')


OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
HOSTILE = {
    "empty": (content(b""), "文件是空的"),
    "old Excel": (content(OLE2 + "Workbook".encode("utf-16-le")), "旧版 Excel"),
    "encrypted": (content(OLE2 + "EncryptedPackage".encode("utf-16-le")), "打开密码"),
    "renamed CSV": (content("序号,名称\n1,用水\n".encode()), "这是文本"),
    "renamed GBK CSV": (content("序号,名称\n1,用水\n".encode("gbk")), "GBK"),
    "web page": (content(b"<html><table></table></html>"), "这是网页"),
    "PDF": (content(b"%PDF-1.7"), "PDF"),
    "picture": (content(b"\x89PNG\r\n\x1a\n\0\0"), "不是 Excel 工作簿"),
    "cut off": (content(b"PK\x03\x04" + b"\0" * 40), "不完整"),
    "zip": (package("a.txt"), "压缩包"),
    "Word": (package("word/document.xml"), "Word 文档"),
    "slides": (package("ppt/presentation.xml"), "演示文稿"),
    "OpenDocument": (package("content.xml"), "OpenDocument"),
    "binary workbook": (package("xl/workbook.bin"), "二进制工作簿"),
    "macros": (package("xl/workbook.xml", "xl/vbaProject.bin"), "有宏"),
    "zip bomb": (bomb, "解压后过大"),
    "broken inside": (package("xl/workbook.xml"), "已损坏"),
    "entities": (entities, "已损坏"),
}


def words_of(path: Path) -> str:
    with pytest.raises(Unusable) as caught:
        read_workbook(path)
    return caught.value.problems[0].words


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_file_that_is_no_workbook_says_what_it_is(tmp_path: Path, kind: str) -> None:
    write, words = HOSTILE[kind]
    path = tmp_path / "规划.xlsx"
    write(path)
    assert words in words_of(path)


def test_no_two_kinds_share_their_sentence_where_the_remedy_differs() -> None:
    same = {"broken inside"}
    words = [words for kind, (_, words) in HOSTILE.items() if kind not in same]
    assert len(words) == len(set(words))


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("单位")
    for number in range(20_002):
        page.append([number])
    book.save(tmp_path / "plan.xlsx")
    assert "离表格太远" in words_of(tmp_path / "plan.xlsx")


def test_a_reading_that_takes_too_long_is_given_up(tmp_path: Path, settings: object, monkeypatch: object) -> None:
    book = Workbook()
    book.save(tmp_path / "plan.xlsx")
    monkeypatch.setattr(reading, "WALL_SECONDS", 0)  # type: ignore[attr-defined]
    assert "已停止" in words_of(tmp_path / "plan.xlsx")


def test_a_reading_leaves_nothing_of_our_environment_to_the_file(tmp_path: Path) -> None:
    assert "DATABASE_URL" in os.environ  # the child gets PATH and the encoding only
    book = Workbook()
    book.active.title = "单位"  # type: ignore[union-attr]
    book.save(tmp_path / "plan.xlsx")
    assert [sheet.title for sheet in read_workbook(tmp_path / "plan.xlsx")] == ["单位"]


class TestFolders:
    def words(self, folder: Path) -> list[str]:
        with pytest.raises(Unusable) as caught:
            read_folder(folder, TITLES)
        return [problem.words for problem in caught.value.problems]

    def test_a_gbk_file_is_told_apart(self, tmp_path: Path) -> None:
        folder = copy_of(CLEAR_WATER, tmp_path)
        file = folder / "categories.csv"
        file.write_bytes(file.read_text(encoding="utf-8").encode("gbk"))
        assert "GBK" in self.words(folder)[0]

    def test_a_workbook_renamed_to_csv_is_told_apart(self, tmp_path: Path) -> None:
        folder = copy_of(CLEAR_WATER, tmp_path)
        Workbook().save(folder / "categories.csv")
        assert "改了扩展名" in self.words(folder)[0]

    def test_every_wrong_file_is_named_at_once(self, tmp_path: Path) -> None:
        folder = copy_of(CLEAR_WATER, tmp_path)
        (folder / "a.csv").write_text("x")
        (folder / "plan.csv").write_bytes(b"\xff\xfe\xff")
        assert len(self.words(folder)) == 2

    def test_an_empty_folder_says_so(self, tmp_path: Path) -> None:
        assert "没有 CSV 文件" in self.words(tmp_path)[0]
