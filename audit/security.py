"""Writing the security trail: one database function, and a line to the installation's syslog."""

import logging
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Protocol

import structlog
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from audit.addresses import address_of_request
from audit.storable import clean, cleaned

LOGGER = "security"
id_of_request: ContextVar[str] = ContextVar("id_of_request", default="")

_line = structlog.wrap_logger(
    logging.getLogger(LOGGER),
    wrapper_class=structlog.stdlib.BoundLogger,
    processors=[
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
)


class Person(Protocol):
    """Somebody with an account."""

    pk: Any

    @property
    def recorded_name(self) -> str: ...

    @property
    def recorded_organisation(self) -> str: ...

    def get_username(self) -> str: ...


def note(
    event: str,
    *,
    by: Person | None = None,
    username: str = "",
    about: str = "",
    detail: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Leave a record in the security trail: what, who (``username``: as typed by a visitor), about what.

    The record stands or falls with the transaction it is written in, and what it can't hold of a text is replaced; the line goes to syslog when that is over. Time,
    address and the request's number are added here.
    """
    who = {
        "person": by.pk if by is not None else None,
        "username": by.get_username() if by is not None else clean(username),
        "name": by.recorded_name if by is not None else "" if username else "系统",
        "organisation": by.recorded_organisation if by is not None else "",
    }
    where = {"address": address_of_request.get() or "", "request": id_of_request.get()}
    told = cleaned(detail)
    values: list[Any] = [event, *who.values(), *where.values(), clean(about), Jsonb(told)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_note_security(%s, %s, %s, %s, %s, %s, %s, %s, %s)", values)
        number = cursor.fetchone()[0]
    line = {"record": number, **who, **where, "about": clean(about), "detail": told}
    transaction.on_commit(lambda: _line.info(event, **line), robust=True)
