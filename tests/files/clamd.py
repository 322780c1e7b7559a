"""A daemon that speaks ClamAV's INSTREAM on a socket of its own, and knows one virus: EICAR's harmless test file."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# in two pieces, so that this file itself alarms nobody
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Daemon(socketserver.StreamRequestHandler):
    """``answer`` of the server says something else than the truth; ``stays_silent`` says nothing until it stops."""

    def handle(self) -> None:
        server = self.server
        if server.stays_silent:
            server.over.wait(30)
            return
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        server.asked += 1
        found = b"stream: Win.Test.EICAR_HDB-1 FOUND" if EICAR in content else b"stream: OK"
        self.wfile.write((found if server.answer is None else server.answer) + b"\0")


class Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True


class Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def clamd(
    at: Path | None = None, *, answer: bytes | None = None, stays_silent: bool = False
) -> Iterator[tuple[str, Tcp | Unix]]:
    """Run a daemon; give what ``CLAMAV_SOCKET`` says to reach it, and the daemon."""
    server = Tcp(("127.0.0.1", 0), Daemon) if at is None else Unix(str(at), Daemon)
    server.answer, server.stays_silent, server.asked, server.over = answer, stays_silent, 0, threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield (str(at) if at is not None else f"127.0.0.1:{server.server_address[1]}"), server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
