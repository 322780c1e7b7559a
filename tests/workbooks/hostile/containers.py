"""Files that are no workbook at all, or whose container is damaged: nothing of them may be saved, or only what is right."""

import io
import struct
import zipfile
from collections.abc import Callable
from random import Random

from openpyxl import Workbook

from tests.workbooks.hostile.books import Good, Kind, Made, packed, parts_of

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _always(content: Callable[[Random], bytes]) -> Kind:
    def make(chance: Random, good: Good) -> Made:
        return content(chance), dict.fromkeys(good.truth)

    return make


def _old_office(*streams: str) -> Kind:
    names = b"".join(stream.encode("utf-16-le") + b"\0\0" for stream in streams)
    return _always(lambda chance: OLE2 + chance.randbytes(500) + names + chance.randbytes(chance.randrange(3000)))


def _parts(*names: str) -> Kind:
    return _always(lambda chance: packed({name: chance.randbytes(50) for name in names}))


def truncated(chance: Random, good: Good) -> Made:
    return good.content[: chance.randrange(1, len(good.content))], {}


def bytes_flipped(chance: Random, good: Good) -> Made:
    content = bytearray(good.content)
    for _ in range(chance.randrange(1, 20)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content), {}


def bytes_inserted(chance: Random, good: Good) -> Made:
    place = chance.randrange(len(good.content))
    return good.content[:place] + chance.randbytes(chance.randrange(1, 9)) + good.content[place:], {}


def member_twice(chance: Random, good: Good) -> Made:
    file = io.BytesIO(good.content)
    name = chance.choice(["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml", "docProps/app.xml"])
    with zipfile.ZipFile(file, "a") as package:
        package.writestr(name.upper() if chance.random() < 0.3 else name, b"<x/>")
    return file.getvalue(), {}


def bomb(chance: Random, good: Good) -> Made:
    name = chance.choice(["xl/worksheets/sheet1.xml", "xl/media/image1.png", "xl/sharedStrings.xml"])
    return packed(parts_of(good.content) | {name: b" " * (70 + chance.randrange(20)) * 1024 * 1024}), {}


def lying_sizes(chance: Random, good: Good) -> Made:
    """The directory says that a part is small."""
    content = bytearray(packed(parts_of(good.content)))
    place = content.find(b"PK\x01\x02")
    while place >= 0:
        struct.pack_into("<I", content, place + 24, chance.randrange(1, 200))
        place = content.find(b"PK\x01\x02", place + 4)
    return bytes(content), {}


def many_members(chance: Random, good: Good) -> Made:
    return packed(parts_of(good.content) | {f"junk/{number}": b"" for number in range(2500)}), {}


def with_macros(chance: Random, good: Good) -> Made:
    name = chance.choice(["xl/vbaProject.bin", "xl/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml"])
    return packed(parts_of(good.content) | {name: chance.randbytes(300)}), {}


def with_password(chance: Random, good: Good) -> Made:
    """The container's own password: every part is marked as encrypted."""
    content = bytearray(good.content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)
    return bytes(content), {}


def part_missing(chance: Random, good: Good) -> Made:
    parts = parts_of(good.content)
    names = ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"]
    del parts[chance.choice([*names, "xl/worksheets/sheet1.xml"])]
    return packed(parts), {}


def other_workbook(chance: Random) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for _ in range(chance.randrange(1, 30)):
        book.worksheets[0].append([chance.choice(["指标", "规划指标", 5, None]) for _ in range(6)])
    book.save(file)
    return file.getvalue()


def _csv(encoding: str) -> Kind:
    return _always(
        lambda chance: "".join(f"{n},规划指标{n},{chance.random()}\n" for n in range(chance.randrange(2, 90))).encode(
            encoding
        )
    )


CONTAINERS: dict[str, Kind] = {
    "truncated": truncated,
    "bytes flipped": bytes_flipped,
    "bytes inserted": bytes_inserted,
    "member twice": member_twice,
    "bomb": bomb,
    "lying sizes": lying_sizes,
    "many members": many_members,
    "macros": with_macros,
    "password of the container": with_password,
    "part missing": part_missing,
    "another workbook": _always(other_workbook),
    "CSV": _csv("utf-8"),
    "CSV with a mark": _csv("utf-8-sig"),
    "GBK CSV": _csv("gbk"),
    "UTF-16 text": _csv("utf-16"),
    "encrypted": _old_office("EncryptionInfo", "EncryptedPackage"),
    "xls": _old_office("Workbook"),
    "xls with macros": _old_office("Workbook", "_VBA_PROJECT_CUR"),
    "doc": _old_office("WordDocument"),
    "OLE of no kind": _old_office(),
    "Word": _parts("word/document.xml"),
    "OpenDocument": _parts("content.xml", "mimetype"),
    "xlsb": _parts("xl/workbook.bin"),
    "zip": _parts("a.txt", "b/c.txt"),
    "web page": _always(lambda chance: b"<html><table><tr><td>1</td></tr></table>" + b" " * chance.randrange(99)),
    "PDF": _always(lambda chance: b"%PDF-1.7\n" + chance.randbytes(200)),
    "picture": _always(lambda chance: b"\x89PNG\r\n\x1a\n\0\0" + chance.randbytes(200)),
    "noise": _always(lambda chance: b"\0" + chance.randbytes(chance.randrange(1, 5000))),
    "nothing": _always(lambda chance: b""),
}
