"""The security trail on its way to the installation's syslog: a line of JSON for each record."""

import contextlib
from logging.handlers import SysLogHandler
from typing import Any


class TrailHandler(SysLogHandler):
    """Sends lines as they are, without a NUL at the end; one that finds no receiver waits for the next record.

    ``address`` is ``host:port`` (UDP) or the path of a socket. The database holds the trail; what syslog loses is
    there.
    """

    append_nul = False
    ident = "mid-term-evaluation: "

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        where: Any = (host.strip("[]"), int(port)) if host and port.isdecimal() else address
        super().__init__(where, facility=SysLogHandler.LOG_AUTHPRIV)

    def createSocket(self) -> None:
        with contextlib.suppress(OSError):
            super().createSocket()
