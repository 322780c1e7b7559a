"""Checks a bundle of records (线索包) without the system that made it: Python 3.9 or later, nothing else.

    python verify.py [BUNDLE.zip or the folder that it was unpacked into]

Each file against SHA256SUMS; the sheet's changes against those that are disclosed; each disclosed row against its
digest; each digest against its seal; the seals from link to link up to the anchor. Who signed, openssl tells (see README.txt). Exits 1 and says where, if something doesn't fit.
"""

import base64
import csv
import hashlib
import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Read = Callable[[str], bytes]
HASHES = {(1, "sha256"): hashlib.sha256}  # by the format and the hash that an epoch names
SIGNATURES = ("ed25519",)


class Mismatch(Exception):
    """Says in Chinese what doesn't fit, and where."""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def digest_of(form: tuple[int, str], kind: str, *lines: object) -> str:
    """The digest of lines under a head that names the kind and the format."""
    text = "".join(f"{line}\n" for line in (f"{kind} {form[0]}", *lines))
    return HASHES[form](text.encode()).hexdigest()


def opened(place: Path) -> Read:
    if place.is_dir():
        return lambda name: (place / name).read_bytes()
    archive = zipfile.ZipFile(place)
    if archive.testzip():
        raise Mismatch(f"压缩包损坏：{archive.testzip()}")
    return archive.read


def check_files(read: Read) -> int:
    """Every file that the signed list names is as it was."""
    lines = read("SHA256SUMS").decode().splitlines()
    listed = {line.split("  ", 1)[1]: line.split("  ", 1)[0] for line in lines}
    for name in ("trail.csv", "trail.jsonl", "chain.anchor", "key.public.pem", "verify.py"):
        if name not in listed:
            raise Mismatch(f"SHA256SUMS 没有列出 {name}")
    for name, digest in listed.items():
        if sha256(read(name)) != digest:
            raise Mismatch(f"{name} 被改动过")
    return len(listed)


def check_rows(seal: dict[str, Any], form: tuple[int, str]) -> int:
    """What a change wrote: each disclosed row has its digest, all digests together have the seal's content."""
    where, disclosed, digests = f"第{seal['sequence']}号封印", 0, []
    for part in seal["written"]:
        ids, own = [str(key) for key in part["ids"]], part["digests"]
        by_key = {key: own[at] for at, key in enumerate(ids)}
        for key, text in part["rows"].items():
            if by_key.get(key) != HASHES[form](text.encode()).hexdigest():
                raise Mismatch(f"{where}：{part['table']} 第 {key} 行与摘要不符")
            disclosed += 1
        told = (part["table"], ",".join(part["columns"]), ",".join(ids), "".join(own))
        digests.append(digest_of(form, "rows", *told))
    if digest_of(form, "content", *digests) != seal["content"]:
        raise Mismatch(f"{where}：内容与封印不符")
    return disclosed


def check_sheet(read: Read, changes: set[str]) -> None:
    """The sheet to read tells of the changes that are disclosed, of all of them and of no other."""
    lines = list(csv.reader(io.StringIO(read("trail.csv").decode("utf-8-sig"), newline="")))
    column = lines[0].index("变更编号")
    differing = sorted({line[column] for line in lines[1:]} ^ changes)
    if differing:
        raise Mismatch(f"第 {differing[0]} 号变更只在 trail.csv 和 trail.jsonl 的一处（共 {len(differing)} 项这样）")


def check_chain(read: Read) -> tuple[int, int, int, set[str]]:
    """From seal to seal up to the anchor; returns how many changes, rows and seals, and which changes are disclosed."""
    changes: set[str] = set()
    lines = read("trail.jsonl").decode().splitlines()
    head, anchor = json.loads(lines[0]), json.loads(read("chain.anchor"))
    if head["bundle"] != 1:
        raise Mismatch(f"不认识线索包格式“{head['bundle']}”")
    forms = {int(number): (form, name) for number, (form, name) in head["epochs"].items()}
    for form, name in (*forms.values(), (anchor["format"], anchor["hash"])):
        if (form, name) not in HASHES:
            raise Mismatch(f"不认识封存格式“{form}”、摘要算法“{name}”")
    previous, expected, records, rows = head["previous"], head["first"], 0, 0
    for line in lines[1:]:
        seal = json.loads(line)
        if seal["sequence"] != expected:
            raise Mismatch(f"缺第{expected}号封印")
        form, told = forms[seal["epoch"]], (seal["sequence"], seal["epoch"], seal["at"], previous, seal["content"])
        previous, expected = digest_of(form, "seal", *told), expected + 1
        if "written" in seal:
            rows += check_rows(seal, form)
            changes.update(key for part in seal["written"] if part["table"] == "audit_change" for key in part["rows"])
            records += 1
    if (expected - 1, previous) != (anchor["count"], anchor["digest"]):
        raise Mismatch(f"封印链到第{expected - 1}号为止，与锚点（第{anchor['count']}号）不符")
    if (records, rows) != (head["changes"], head["rows"]):
        raise Mismatch("变更或数据行的数目与首行所写不符")
    return records, rows, len(lines) - 1, changes


def check_key(read: Read) -> str:
    """The key beside the signatures is the one that the anchor names."""
    anchor = json.loads(read("chain.anchor"))
    if anchor["signature"] not in SIGNATURES:
        raise Mismatch(f"不认识签名算法“{anchor['signature']}”")
    lines = read("key.public.pem").decode().splitlines()
    key = base64.b64decode("".join(line for line in lines if not line.startswith("-")))[-32:].hex()
    if anchor["key"] != key:
        raise Mismatch("公钥不是锚点所写的那一个")
    return key


def main() -> int:
    place = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    try:
        read = opened(place)
        files = check_files(read)
        records, rows, seals, changes = check_chain(read)
        check_sheet(read, changes)
        key = check_key(read)
    except Mismatch as found:
        print(f"不符：{found}")
        return 1
    except (OSError, KeyError, ValueError, TypeError, IndexError, AttributeError, zipfile.BadZipFile) as error:
        print(f"不符：读不出来（{type(error).__name__}：{error}）")
        return 1
    print(f"{files} 个文件与清单一致；{records} 项变更、{rows} 行数据与封印一致；{seals} 个封印逐环相接，直到锚点。")
    print(f"签名公钥：{key}。请核对它是否为主办单位公布的公钥，并用 openssl 核对签名（见 README.txt）。")
    return 0


if __name__ == "__main__":
    sys.exit(main())
