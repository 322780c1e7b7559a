"""What the database refuses beside moves that nobody declared: rules of a table's rows, as data beside its model.

A rule is SQL over ``n`` (a row after the statement), ``o`` (the same row before) and ``actor`` (the key of the person in
whose name the change is open; NULL for the system itself). ``audit.guards`` makes the triggers from it.
"""

from dataclasses import dataclass

MARK = "audit_guard"
"""The name of a guard, borne by its refusals as the constraint's name."""


FIND_CHANGE = """SELECT id, actor_id, reason INTO open_change FROM audit_change
    WHERE id = nullif(current_setting('audit.change', true), '')::bigint
      AND transaction_id = pg_current_xact_id_if_assigned()::text::bigint AND NOT is_closed;"""
"""What ``audit_current_change`` finds, in the trigger itself; nulls where it would refuse."""


@dataclass(frozen=True)
class Rule:
    """Rows for which ``refuses`` holds are refused with ``words``, when rows are inserted or when they are updated."""

    refuses: str
    words: str
    on_insert: bool = False
    on_update: bool = False


@dataclass(frozen=True)
class AtTheEnd:
    """Rows for which ``refuses`` holds once everything of their transaction is written are refused with ``words``.

    For what several statements make true together; ``n`` is the row as it is by then. Asked of each row by itself, so
    that it belongs on tables of which a transaction writes few.
    """

    refuses: str
    words: str


@dataclass(frozen=True)
class Frozen:
    """Columns that an update may not change, or may only where ``unless`` holds; all the others, with ``all_but``."""

    words: str
    columns: tuple[str, ...] = ()
    all_but: tuple[str, ...] = ()
    unless: str = "false"

    def among(self, columns: list[str]) -> list[str]:
        """The frozen ones of a table's columns.

        Raises:
            LookupError: a named column isn't one of the table's.
        """
        unknown = {*self.columns, *self.all_but} - set(columns)
        if unknown:
            raise LookupError(f"no such column: {', '.join(sorted(unknown))}")
        return list(self.columns) or [column for column in columns if column not in self.all_but]
