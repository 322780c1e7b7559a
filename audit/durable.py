"""What is told as done is on the disk, though nobody holds the head of the chain while the disk is written.

A change that is committed in the usual way keeps the head, which it took to be sealed, until it is on the disk, and so
the changes of all writers go to the disk one by one. ``recorded`` therefore commits without waiting, which gives the head
to the next, and waits afterwards, together with all others who wait. What comes later in the chain comes later on the
disk as well: after a power cut the history ends earlier, never with a gap.
"""

from contextlib import closing

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

# An empty note in the database's log, as a transaction of its own: its commit is waited for, and everything before it
# comes along. A transaction that writes nothing isn't waited for.
ALL_BEFORE = "SELECT pg_logical_emit_message(true, 'audit', '')"
NOT_YET = "set_config('synchronous_commit', 'off', true)"
"""Part of the statement that opens a transaction which ``wait_for_disk`` follows."""


def wait_for_disk(through: BaseDatabaseWrapper | None = None) -> None:
    """Return when all that this or another connection has committed is on the disk, as far as the database's own setting
    of ``synchronous_commit`` promises it. Outside of a transaction."""
    with (through or connection).cursor() as cursor:
        cursor.execute(ALL_BEFORE)


def wait_for_disk_meanwhile() -> None:
    """The same, from within a transaction: by a connection of its own."""
    with closing(connection.copy()) as own:
        wait_for_disk(own)
