"""The directory of an old Office file (OLE compound file): the names of its streams and storages, nothing else."""

import struct
from pathlib import Path

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENTRY = 128  # bytes of one entry of the directory
LAST = 0xFFFFFFFA  # sector numbers from here on have a meaning of their own: an end, a gap
IN_HEADER = 109  # sectors of the table of sectors that the header lists itself
MOST_ENTRIES = 100_000


class Broken(ValueError):
    """It begins as such a file, but its directory can't be read."""


def names_in(path: Path) -> set[str]:
    """Return the names in the directory.

    Raises:
        Broken: it is cut off, or its sectors don't lead anywhere.
    """
    content = path.read_bytes()
    if not content.startswith(MAGIC):
        raise Broken
    try:
        shift = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise Broken
        size, table = 1 << shift, _table(content, 1 << shift)
        return set(_names(content, size, table, struct.unpack_from("<I", content, 48)[0]))
    except (struct.error, IndexError, UnicodeDecodeError):
        raise Broken from None


def _sector(content: bytes, size: int, number: int) -> bytes:
    found = content[(number + 1) * size : (number + 2) * size]
    if not found:
        raise Broken
    return found


def _numbers(content: bytes, size: int, number: int) -> list[int]:
    sector = _sector(content, size, number)
    return list(struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4]))


def _table(content: bytes, size: int) -> list[int]:
    """The number of the sector that follows each sector."""
    listed = list(struct.unpack_from(f"<{IN_HEADER}I", content, 76))
    following, seen = struct.unpack_from("<I", content, 68)[0], set[int]()
    while following < LAST:
        if following in seen:
            raise Broken
        seen.add(following)
        *more, following = _numbers(content, size, following)
        listed += more
    return [number for each in listed if each < LAST for number in _numbers(content, size, each)]


def _names(content: bytes, size: int, table: list[int], sector: int) -> list[str]:
    found, seen = list[str](), set[int]()
    while sector < LAST:
        if sector in seen or len(found) > MOST_ENTRIES:
            raise Broken
        seen.add(sector)
        entries = _sector(content, size, sector)
        for start in range(0, len(entries) - ENTRY + 1, ENTRY):
            length, kind = struct.unpack_from("<HB", entries, start + 64)
            if kind and 2 <= length <= 64:
                found.append(entries[start : start + length - 2].decode("utf-16-le"))
        sector = table[sector]
    return found
