"""Ports of this machine's own address."""

import socket

from config.local_services.folder import servers_folder


def free_port(wanted: int = 0) -> int:
    """Return the wanted port if nobody listens there, else any free one."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OSError("no free port")


def last_port(server: str) -> int:
    """Return the port that the server had before: who is connected finds it again there after a restart."""
    file = servers_folder() / f"{server}.port"
    return int(file.read_text()) if file.exists() else 0


def keep_port(server: str, port: int) -> None:
    (servers_folder() / f"{server}.port").write_text(str(port))
