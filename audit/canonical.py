"""The text of a row of history, over which its digest is made: SQL for the triggers and for verification alike.

The form is written down in docs/history-format.md. A change of it, or of the hash, is a new line of ``FORMATS``: the
next ``migrate`` opens an epoch by it; what was sealed before is verified by the format of its own epoch.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, models

from audit.models import Change, Entry, Epoch
from audit.tracking import tracked_models


@dataclass(frozen=True)
class Hash:
    """A hash that the database has built in: its name here and there, and the length of a digest in bytes."""

    name: str
    sql: str
    size: int

    def digest(self, message: bytes) -> bytes:
        return hashlib.new(self.name, message).digest()


@dataclass(frozen=True)
class Format:
    """How the bytes under a digest are put together: ``number`` stands at their head, ``hash`` is made over them."""

    number: int
    hash: Hash

    def rows_bytes(self, table: str, columns: Iterable[Sequence[str]], ids: Iterable[int], digests: bytes) -> bytes:
        """The same bytes as under ``rows_digest``, for verification."""
        names = ",".join(name for name, _ in columns)
        keys = ",".join(map(str, ids))
        return f"rows {self.number}\n{table}\n{names}\n{keys}\n{digests.hex()}\n".encode()

    def content_bytes(self, digests: Iterable[bytes]) -> bytes:
        """What a seal's ``content`` is the digest of: those of all that was written, in order."""
        lines = "\n".join(digest.hex() for digest in digests)
        return f"content {self.number}\n{lines}\n".encode()

    def seal_bytes(self, sequence: int, epoch: int, at: int, previous: bytes, content: bytes) -> bytes:
        """What a seal's ``digest`` is made over; ``at`` in microseconds since 1970."""
        return f"seal {self.number}\n{sequence}\n{epoch}\n{at}\n{previous.hex()}\n{content.hex()}\n".encode()


SHA256 = Hash("sha256", "sha256", 32)
FORMATS = {1: Format(1, SHA256)}


def present() -> Format:
    """The format by which the program seals: the newest that it knows."""
    return FORMATS[max(FORMATS)]


def format_named(number: int, hash_name: str) -> Format | None:
    """The format of an epoch; None where the program doesn't know it."""
    found = FORMATS.get(number)
    return found if found is not None and found.hash.name == hash_name else None


UNSEALED = {(Change._meta.db_table, "is_closed")}  # turns while the change is being sealed


@dataclass(frozen=True)
class HistoryTable:
    """A table whose rows are sealed: its key, and the columns ``(name, type)`` that the digest of a row covers."""

    name: str
    key: str
    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> str:
        return ",".join(name for name, _ in self.columns)


def history_table(model: type[models.Model]) -> HistoryTable:
    """Describe a model's table. Its key is covered apart from the row, in the list of what was written."""
    table, key = model._meta.db_table, model._meta.pk
    fields = [f for f in model._meta.local_concrete_fields if f != key and not f.generated]
    columns = tuple((str(f.column), str(f.db_type(connection))) for f in fields)
    kept = tuple(column for column in columns if (table, column[0]) not in UNSEALED)
    return HistoryTable(table, str(key.column), kept)


def epoch_table() -> HistoryTable:
    return history_table(Epoch)


def history_tables() -> list[HistoryTable]:
    """Return every table that changes write into, changes first."""
    models_of_history: list[type[models.Model]] = [Change, Entry, *(version for _, version in tracked_models())]
    return [history_table(model) for model in models_of_history]


def _text_of(column: str, kind: str, row: str) -> str:
    value = f'{row}."{column}"'
    if kind.startswith("timestamp"):
        return f"(extract(epoch FROM {value}) * 1000000)::bigint::text"
    if kind.startswith("numeric"):
        return f"{value}::{kind}::text"
    if kind == "bytea":
        return f"encode({value}, 'hex')"
    return f"{value}::text"


def row_text(columns: Iterable[Sequence[str]], row: str) -> str:
    """Return the SQL expression of a row's canonical text. Dates need ``datestyle = ISO`` around it."""
    parts = ", ".join(_text_of(name, kind, row) for name, kind in columns)
    return f"array_to_json(ARRAY[{parts}]::text[])::text"


def row_digest(columns: Iterable[Sequence[str]], row: str) -> str:
    return f"{present().hash.sql}(convert_to({row_text(columns, row)}, 'UTF8'))"


def rows_digest(table: HistoryTable) -> str:
    """Return the SQL expression of the digest over ``ids`` and ``digests``, what one statement wrote."""
    now = present()
    head = f"rows {now.number}\\n{table.name}\\n{table.names}\\n"
    return f"{now.hash.sql}(convert_to(E'{head}' || array_to_string(ids, ',') || E'\\n' || encode(digests, 'hex') || E'\\n', 'UTF8'))"
