"""The one way to sign: an Ed25519 key outside the database, made and rotated by ``manage.py signing_key``.

A key is known by its public half, 64 hexadecimal digits, which the epoch that it opens has in the chain. A signature of
another kind would be another module with the same three functions, and open a new epoch.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

SIGNATURE = "ed25519"
PRIVATE, PUBLIC = ".private.pem", ".public.pem"
OTHERS = 0o077  # the bits of a file's mode that are for the group and everybody else


class NoKey(Exception):
    """There is no key to sign with, or more than one, or one that isn't secret."""


@dataclass(frozen=True)
class SigningKey:
    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    @property
    def name(self) -> str:
        """The beginning of the public half, as files are named."""
        return self.public[:16]

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message)


def folder() -> Path:
    return Path(settings.SIGNING_KEY_DIR)


def generate() -> SigningKey:
    return SigningKey(Ed25519PrivateKey.generate())


def keep(key: SigningKey) -> None:
    """Write both halves into the folder of keys; the private one for its owner's eyes only."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file = folder() / f"{key.name}{PRIVATE}"
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(pem)
    public_file(key.public).write_bytes(public_pem(key.public))


def put_back(files: Mapping[str, str]) -> bool:
    """Put keys from a copy where they were, by the names of their files; a private one only where there is none yet.

    Returns whether the key that signed then signs again.
    """
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    keep_private = not has_key()
    for name, text in files.items():
        file, is_private = folder() / Path(name).name, name.endswith(PRIVATE)
        if not file.exists() and (keep_private or not is_private):
            with open(
                os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if is_private else 0o644), "w"
            ) as handle:
                handle.write(text)
    return all((folder() / Path(name).name).exists() for name in files if name.endswith(PRIVATE))


def forget(key: SigningKey) -> None:
    """Destroy the private half; the public one stays, to check what was signed."""
    file = folder() / f"{key.name}{PRIVATE}"
    if file.is_file():
        file.unlink()


def public_file(public: str) -> Path:
    return folder() / f"{public[:16]}{PUBLIC}"


def public_pem(public: str) -> bytes:
    """Return a public key as ``openssl pkeyutl -pubin -inkey`` reads it."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def has_key() -> bool:
    return bool(list(folder().glob(f"*{PRIVATE}")))


def current() -> SigningKey:
    """Return the key that signs.

    Raises:
        NoKey: there is none, or more than one; or others can read it, so that what it signs proves nothing.
    """
    files = list(folder().glob(f"*{PRIVATE}"))
    if len(files) != 1:
        found = "没有签名密钥" if not files else "签名密钥不止一个"
        raise NoKey(f"{folder()} 中{found}：请运行 python manage.py signing_key，或检查该目录。")
    if files[0].stat().st_mode & OTHERS:
        raise NoKey(
            f"签名密钥 {files[0]} 别的用户也能读：请运行 chmod 600，再运行 python manage.py signing_key --rotate 换一把。"
        )
    try:
        key = load_pem_private_key(files[0].read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise NoKey(f"读不了签名密钥 {files[0]}：{error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"{files[0]} 不是 Ed25519 私钥。")
    return SigningKey(key)


def is_signed(message: bytes, signature: bytes, public: str) -> bool:
    """Tell whether the holder of a public key's private half signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


VERIFIERS = {SIGNATURE: is_signed}  # each signature that anchors were ever made with, by its name
