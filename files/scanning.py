"""The virus scanner: ClamAV's daemon, asked over its socket (the command INSTREAM), where the installation has one."""

import logging
import socket
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from files.models import Scan

SECONDS = 15  # for everything: connecting, sending, the answer
PIECE = 64 * 1024  # bytes
LONGEST_ANSWER = 4096  # bytes
logger = logging.getLogger("files")


@dataclass(frozen=True)
class Scanned:
    """What came of a scan; ``found`` names the virus, in the scanner's words."""

    state: Scan
    found: str = ""


class Patience:
    """How long a conversation may still take, all its steps together."""

    def __init__(self, seconds: int) -> None:
        self._until = time.monotonic() + seconds

    def let(self, daemon: socket.socket) -> None:
        """Let the next step take what is left, and no more.

        Raises:
            TimeoutError: nothing is left.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("no answer in time")
        daemon.settimeout(left)


def is_configured() -> bool:
    return bool(settings.CLAMAV_SOCKET)


def scan(path: Path) -> Scanned:
    """Ask the scanner about a file. Without one, or without an answer that can be understood, the state says so."""
    if not is_configured():
        return Scanned(Scan.NOT_CONFIGURED)
    try:
        answer = _answer(settings.CLAMAV_SOCKET, path, Patience(SECONDS))
    except OSError as why:  # nobody there, cut off, or too slow
        logger.warning("virus scanner: %s", why)
        return Scanned(Scan.UNAVAILABLE)
    if answer == "stream: OK":
        return Scanned(Scan.CLEAN)
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return Scanned(Scan.INFECTED, answer.removeprefix("stream: ").removesuffix(" FOUND"))
    logger.warning("virus scanner: answered %r", answer)
    return Scanned(Scan.UNAVAILABLE)


def _answer(where: str, path: Path, patience: Patience) -> str:
    with _connected(where, patience) as daemon, path.open("rb") as content:
        daemon.sendall(b"zINSTREAM\0")
        while piece := content.read(PIECE):
            patience.let(daemon)
            daemon.sendall(struct.pack(">I", len(piece)) + piece)
        daemon.sendall(struct.pack(">I", 0))
        said = b""
        while b"\0" not in said and len(said) < LONGEST_ANSWER:
            patience.let(daemon)
            if not (more := daemon.recv(LONGEST_ANSWER)):
                break
            said += more
    return said.split(b"\0")[0].decode("utf-8", "replace").strip()


def _connected(where: str, patience: Patience) -> socket.socket:
    """Connect to a path, or to ``host:port``."""
    if where.startswith("/"):
        daemon = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        address: Any = where
    else:
        host, _, port = where.rpartition(":")
        family, kind, _, _, found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)[0]
        daemon, address = socket.socket(family, kind), found[:2]
    try:
        patience.let(daemon)
        daemon.connect(address)
    except OSError:
        daemon.close()
        raise
    return daemon
