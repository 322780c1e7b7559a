"""Anchors: how far the chain had come at a moment, signed and kept outside the database.

An anchor is one line of JSON in a file ``….anchor``; beside it, in ``….anchor.sig``, the 64 bytes of its signature. Printed
with the signature behind it, it is one line to be pasted into an official record. Whoever holds an anchor can show later
that the chain was shortened or rewritten. The form is written down in docs/history-format.md.
"""

import base64
import binascii
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from audit.canonical import Format, format_named
from audit.durable import wait_for_disk_meanwhile
from audit.models import Seal
from audit.signing import SIGNATURE, VERIFIERS, current

ANCHOR_FORMAT = 1
SIGNATURE_SUFFIX = ".sig"
_START = datetime(1970, 1, 1, tzinfo=UTC)


class AnchorError(Exception):
    """Says in Chinese why a file is no anchor."""


@dataclass(frozen=True)
class Anchor:
    """``payload`` is the signed text, with its line feed; the other things are read from it."""

    payload: bytes
    signature: bytes

    @property
    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.payload)
        return found

    @property
    def count(self) -> int:
        """How many seals there were: the sequence of the last."""
        return int(self.values["count"])

    @property
    def digest(self) -> str:
        return str(self.values["digest"])

    @property
    def key(self) -> str:
        return str(self.values["key"])

    @property
    def line(self) -> str:
        """The anchor and its signature as one line."""
        return f"{self.payload.decode().rstrip()} {base64.b64encode(self.signature).decode()}"

    def is_signed(self) -> bool:
        """Tell whether the key that the anchor names signed it (whose key it is, is another question)."""
        verifier = VERIFIERS.get(self.values["signature"])
        return verifier is not None and verifier(self.payload, self.signature, self.key)


def microseconds(moment: datetime) -> int:
    return (moment - _START) // timedelta(microseconds=1)


def form_of(seal: Seal) -> Format:
    """The format of the seal's epoch, by which the program seals or once did."""
    found = format_named(seal.epoch.format, seal.epoch.hash_name)
    assert found is not None  # else verification names it
    return found


def bytes_of(seal: Seal) -> bytes:
    """The bytes that a seal's digest is made over."""
    return form_of(seal).seal_bytes(
        seal.sequence, seal.epoch_id, microseconds(seal.at), bytes(seal.previous), bytes(seal.content)
    )


def sm3(message: bytes) -> str:
    """Return the SM3 digest in hexadecimal; empty where the machine's libraries don't offer it."""
    try:
        return hashlib.new("sm3", message).hexdigest()
    except ValueError:
        return ""


def take(occasion: str) -> Anchor:
    """Sign how far the chain has come and keep it among the anchors; ``occasion`` says why: daily, or what was frozen.

    A verb that freezes something calls ``audit.freezing.anchor_when_done`` instead, and a job this one.

    Raises:
        NoKey: there is no key to sign with.
    """
    key, last = current(), Seal.objects.select_related("epoch").order_by("-sequence")[0]
    wait_for_disk_meanwhile()  # an anchor must not know more than is left after a power cut
    form = form_of(last)
    moment = timezone.now().astimezone(UTC)
    values = {
        "anchor": ANCHOR_FORMAT,
        "at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "count": last.sequence,
        "digest": bytes(last.digest).hex(),
        "epoch": last.epoch_id,
        "format": form.number,
        "hash": form.hash.name,
        "key": key.public,
        "occasion": occasion,
        "signature": SIGNATURE,
        "sm3": sm3(bytes_of(last)),
    }
    payload = f"{json.dumps(values, ensure_ascii=False, separators=(',', ':'))}\n".encode()
    anchor = Anchor(payload, key.sign(payload))
    _keep(anchor, f"{last.sequence:010d}-{moment:%Y%m%dT%H%M%S.%fZ}")
    return anchor


def folder() -> Path:
    return Path(settings.ANCHOR_DIR)


def _keep(anchor: Anchor, name: str) -> None:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder() / f"{name}.anchor"
    for target, content in ((signature_of(file), anchor.signature), (file, anchor.payload)):
        draft = target.with_name(f".{target.name}.{os.getpid()}")
        draft.write_bytes(content)
        draft.rename(target)


def signature_of(file: Path) -> Path:
    return file.with_name(file.name + SIGNATURE_SUFFIX)


def kept() -> list[Path]:
    """Return the files of the anchors taken so far, oldest first."""
    return sorted(folder().glob("*.anchor"))


def read(file: Path) -> Anchor:
    """Read an anchor: its own file with the signature beside it, or a text that holds the printed line.

    Raises:
        AnchorError: it is none, or its signature isn't right.
    """
    try:
        content = file.read_bytes()
        if signature_of(file).exists():
            anchor = Anchor(content, signature_of(file).read_bytes())
        else:
            payload, _, signature = content.decode().strip().rpartition(" ")
            anchor = Anchor(f"{payload}\n".encode(), base64.b64decode(signature, validate=True))
        unknown = _unknown_in(anchor.values)
        whole = bool(bytes.fromhex(anchor.digest)) and anchor.count > 0 and bool(anchor.key)
    except OSError as error:
        raise AnchorError(f"读不了锚点文件 {file}：{error.strerror}。") from error
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise AnchorError(f"{file} 不是锚点文件。") from error
    if unknown:
        raise AnchorError(f"{file} 不是本系统能核对的锚点：不认识{unknown}。")
    if not whole:
        raise AnchorError(f"{file} 不是本系统能核对的锚点。")
    if not anchor.is_signed():
        raise AnchorError(f"锚点 {file} 的签名不对：文件被改动过，或不是由所写的密钥签名。")
    return anchor


def _unknown_in(values: dict[str, Any]) -> str:
    """Name what of an anchor's form and algorithms this program doesn't know; empty where it knows all."""
    if values["anchor"] != ANCHOR_FORMAT:
        return f"锚点格式“{values['anchor']}”"
    if values["signature"] not in VERIFIERS:
        return f"签名算法“{values['signature']}”"
    if format_named(values["format"], values["hash"]) is None:
        return f"封存格式“{values['format']}”、摘要算法“{values['hash']}”"
    return ""
