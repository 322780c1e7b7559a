"""What kind of file somebody gave us, told before anything in it is believed; runs without Django."""

import zipfile
import zlib
from pathlib import Path

UNPACKED = 60 * 1024 * 1024  # bytes, all parts of the file together
PACKING = 200  # times smaller than unpacked: no honest sheet is
MEMBERS = 2000
AGAIN = "请另存为“Excel 工作簿（.xlsx）”后重试。"

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STRICT = b"http://purl.oclc.org/ooxml/"


class Refused(Exception):
    """The file is none that we read; the words say what it is and what to do."""


def plain_parts(path: Path) -> dict[str, bytes]:
    """Return the parts of a plain .xlsx that hold sheets, by name; whoever reads on reads these bytes and no others.

    Raises:
        Refused: with a sentence of its own for each kind of file that is something else.
    """
    content = path.read_bytes()
    if not content:
        raise Refused("文件是空的。请重新另存为 Excel 工作簿（.xlsx）。")
    if content.startswith(OLE2):
        raise Refused(_ole2(content))
    if content.startswith(b"%PDF"):
        raise Refused("这是 PDF 文件，读不出表格。请用 Excel 工作簿（.xlsx）。")
    if not content.startswith(b"PK") or not zipfile.is_zipfile(path):
        raise Refused(_not_a_package(content))
    try:
        with zipfile.ZipFile(path) as package:
            _look(package)
            parts = {info.filename: package.read(info) for info in package.infolist() if _holds_sheets(info.filename)}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Refused("工作簿已损坏（内容与校验不符），打不开。请重新另存一份，或重新下载后再填。") from None
    if any(STRICT in parts[name][:20_000] for name in parts if name.lower() == "xl/workbook.xml"):
        raise Refused("这是“Strict Open XML 电子表格”格式的工作簿。请在“另存为”中改选“Excel 工作簿（.xlsx）”。")
    return parts


def _ole2(content: bytes) -> str:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        return "工作簿设有打开密码，读不出内容。请取消密码后另存。"
    if holds("WordDocument"):
        return "这是旧版 Word 文档（.doc），不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。"
    if holds("PowerPoint Document"):
        return "这是旧版演示文稿（.ppt），不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。"
    if holds("_VBA_PROJECT"):
        return "这是带宏的旧版 Excel 文件（.xls），出于安全没有打开。请另存为不含宏的“Excel 工作簿（.xlsx）”。"
    if holds("Workbook") or holds("Book"):
        return "这是旧版 Excel 文件（.xls）。请在 Excel 中另存为“Excel 工作簿（.xlsx）”。"
    return "这是旧版 Office 文件，读不出是哪一种，可能不完整。" + AGAIN


def _not_a_package(content: bytes) -> str:
    start = content[:2000]
    if start.startswith(b"PK"):
        return "工作簿不完整（如下载或拷贝中断），打不开。请重新下载或另存一份。"
    if b"<html" in start.lower() or b"<table" in start.lower():
        return "这是网页，只是扩展名改成了 .xlsx。请用 Excel 打开后另存为 Excel 工作簿（.xlsx）。"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in content[:65536]:
        return _text(content)
    return "这不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。"


def _text(content: bytes) -> str:
    remedy = "请用 Excel 打开后另存为 Excel 工作簿（.xlsx）。"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"这是 Unicode 文本，不是 Excel 工作簿，只改扩展名不行。{remedy}"
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return f"这是 GBK 等编码的文本（如 CSV），不是 Excel 工作簿，只改扩展名不行。{remedy}"
    return f"这是文本（如 CSV），不是 Excel 工作簿，只改扩展名不行。{remedy}"


def _look(package: zipfile.ZipFile) -> None:
    """Refuse by what the container says of itself; nothing is unpacked for that."""
    infos = package.infolist()
    names = [info.filename.lower() for info in infos]
    seen: set[str] = set()
    twice = next((name for name in names if name in seen or seen.add(name)), "")  # type: ignore[func-returns-value]
    unpacked = sum(info.file_size for info in infos)
    packed = max(1, sum(info.compress_size for info in infos))
    if len(names) > MEMBERS or unpacked > UNPACKED or unpacked // packed > PACKING:
        raise Refused("文件解压后过大，不像正常的工作簿，没有打开。请检查文件来源。")
    if twice:
        raise Refused(f"工作簿中的“{twice[:60]}”出现了两次，无法判断以哪一个为准，没有打开。{AGAIN}")
    if any(info.flag_bits & 1 for info in infos):
        raise Refused("压缩包设有密码，读不出内容。请取消密码后另存为 Excel 工作簿（.xlsx）。")
    for part, words in _OTHERS.items():
        if any(name == part or (part.endswith("/") and name.startswith(part)) for name in names):
            raise Refused(words)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused(_MACROS)
    if "xl/workbook.xml" not in names:
        raise Refused("这是压缩包，不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。")


_MACROS = "工作簿中有宏，出于安全没有打开。请另存为不含宏的“Excel 工作簿（.xlsx）”。"
_OTHERS = {
    "xl/workbook.bin": "这是二进制工作簿（.xlsb）。请在 Excel 中另存为“Excel 工作簿（.xlsx）”。",
    "xl/vbaproject.bin": _MACROS,
    "xl/macrosheets/": "工作簿中有旧式宏表，出于安全没有打开。请删去宏表后另存为“Excel 工作簿（.xlsx）”。",
    "word/document.xml": "这是 Word 文档，不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。",
    "ppt/presentation.xml": "这是演示文稿，不是 Excel 工作簿（.xlsx）。请检查是否选错了文件。",
    "content.xml": "这是 OpenDocument 表格（.ods）。请另存为“Excel 工作簿（.xlsx）”。",
}


def _holds_sheets(name: str) -> bool:
    lower = name.lower()
    if lower in ("[content_types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"):
        return True
    return lower.endswith(".xml") and (
        lower in ("xl/workbook.xml", "xl/styles.xml", "xl/sharedstrings.xml") or lower.startswith("xl/worksheets/")
    )
