"""The one clock of business times; a simulation may set it. (The times of history are the database's own.)"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)


def now() -> datetime:
    """Return the present moment, in UTC."""
    return _set_to.get() or timezone.now()


def today() -> date:
    """Return the present day in the time zone of the installation."""
    return timezone.localtime(now()).date()


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Let the clock stand at an aware moment, for a simulation."""
    token = _set_to.set(moment)
    try:
        yield
    finally:
        _set_to.reset(token)
