"""Old Office files (OLE compound files) of a header, one table of sectors and a directory: enough to be told apart."""

import struct

FREE, END, TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SIZE = 512


def old_office(*names: str) -> bytes:
    """A file whose directory has a root and these streams."""
    entries = [("Root Entry", 5), *((name, 2) for name in names)]
    per_sector = SIZE // 128
    sectors = -(-len(entries) // per_sector)
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * (SIZE - 8))
    struct.pack_into("<HHHH", header, 24, 0x3E, 3, 0xFFFE, 9)
    struct.pack_into("<III", header, 44, 1, 1, 0)
    struct.pack_into("<II", header, 68, END, 0)
    struct.pack_into("<109I", header, 76, 0, *[FREE] * 108)
    chain = [TABLE, *range(2, sectors + 1), END]
    table = struct.pack(f"<{SIZE // 4}I", *chain, *[FREE] * (SIZE // 4 - len(chain)))
    directory = b""
    for name, kind in entries:
        text = (name + "\0").encode("utf-16-le")
        directory += text.ljust(64, b"\0") + struct.pack("<HB", len(text), kind) + b"\0" * 61
    return bytes(header) + table + directory.ljust(sectors * SIZE, b"\0")
