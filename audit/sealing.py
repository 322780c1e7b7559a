"""The chain of seals: its functions in the database, the shapes of what is digested, its epochs."""

import json
from collections.abc import Sequence
from pathlib import Path

from django.db import models

from audit.canonical import HistoryTable, history_table, history_tables, present, row_digest, rows_digest
from audit.models import Epoch
from audit.signing import SIGNATURE
from audit.tracking import Cursor, tables_as_modelled

_SQL = Path(__file__).with_name("sealing.sql").read_text(encoding="utf-8")
CHUNK = 5_000
NEW_NOTE = "封存格式或算法改变，自此按新的封存；此前的按各自的格式核对。"
FIRST_NOTE = "自此开始封存。此前已有的历史在此一并计算摘要：此后改动可以查出，此前是否改动过不能证明。"

EXISTING = """
INSERT INTO audit_writtenrows (epoch_id, shape_id, row_ids, digests, digest)
SELECT {epoch}, {shape}, ids, digests, {digest}
FROM (SELECT array_agg(row_id ORDER BY row_id) AS ids, string_agg(row_digest, '' ORDER BY row_id) AS digests
      FROM (SELECT r."{key}" AS row_id, {row_digest} AS row_digest,
                   (row_number() OVER (ORDER BY r."{key}") - 1) / {chunk} AS portion
            FROM "{table}" r {only}) digested
      GROUP BY portion ORDER BY portion) gathered
"""


def sealing() -> str:
    """The SQL of the functions that seal, by the program's present format."""
    now = present()
    return (
        _SQL.replace("@format@", str(now.number)).replace("@hash@", now.hash.sql).replace("@size@", str(now.hash.size))
    )


def current_shapes(cursor: Cursor, tables: Sequence[type[models.Model]]) -> dict[str, int]:
    """Return the number of each table's present shape, by the table's name; a new one where the columns changed."""
    cursor.execute(
        "SELECT DISTINCT ON (table_name) table_name, id, columns::text FROM audit_shape ORDER BY table_name, id DESC"
    )
    known = {name: (number, json.loads(columns)) for name, number, columns in cursor.fetchall()}
    found = {}
    for model in tables:
        table = history_table(model)
        columns = [list(column) for column in table.columns]
        number, last = known.get(table.name, (0, None))
        if last != columns:
            cursor.execute(
                "INSERT INTO audit_shape (table_name, columns) VALUES (%s, %s) RETURNING id",
                [table.name, json.dumps(columns)],
            )
            number = cursor.fetchone()[0]
        found[table.name] = number
    return found


def begin(cursor: Cursor) -> None:
    """Open the first epoch over the history that is there already; nothing if there is a chain.

    Of a room that was migrated half way, what the models don't describe is left out.
    """
    cursor.execute("LOCK TABLE audit_change, audit_entry IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute("SELECT EXISTS (SELECT 1 FROM audit_seal)")
    if not cursor.fetchone()[0]:
        there = tables_as_modelled(cursor)
        open_epoch(cursor, note=FIRST_NOTE, covering=[table for table in history_tables() if table.name in there])


def is_outdated(cursor: Cursor) -> bool:
    """Tell whether the newest epoch is of another format, hash or signature than the program's."""
    cursor.execute("SELECT format, hash_name, signature_name FROM audit_epoch ORDER BY number DESC LIMIT 1")
    newest, now = cursor.fetchone(), present()
    return newest is not None and newest != (now.number, now.hash.name, newest[2] and SIGNATURE)


def hold_back_changes(cursor: Cursor) -> None:
    """Let the changes that are under way come to their end, and no other begin before this transaction's end: none is
    digested by one format and sealed by another."""
    cursor.execute("LOCK TABLE audit_change, audit_entry IN SHARE ROW EXCLUSIVE MODE")


def begin_anew(cursor: Cursor) -> None:
    """Open an epoch by the program's format and algorithms. Its key is the one before, if that still signs.

    After the functions that seal were written anew, in the transaction that held back changes before.
    """
    cursor.execute("SELECT signature_name, key FROM audit_epoch ORDER BY number DESC LIMIT 1")
    signature, key = cursor.fetchone()
    is_same = signature in ("", SIGNATURE)
    open_epoch(cursor, note=NEW_NOTE, signature=signature and SIGNATURE, key=key if is_same else "")


def open_epoch(
    cursor: Cursor, *, note: str, signature: str = "", key: str = "", covering: Sequence[HistoryTable] = ()
) -> int:
    """Open an epoch and seal its opening, with the rows of the tables in ``covering`` as they are; returns its number.

    Within a transaction of the owner of the tables.
    """
    cursor.execute("LOCK TABLE audit_epoch IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute("SET LOCAL datestyle = 'ISO, YMD'")
    cursor.execute(
        "INSERT INTO audit_epoch (number, opened_at, format, hash_name, signature_name, key, note)"
        " SELECT coalesce(max(number), 0) + 1, clock_timestamp(), %s, %s, %s, %s, %s FROM audit_epoch RETURNING number",
        [present().number, present().hash.name, signature, key, note],
    )
    number: int = cursor.fetchone()[0]
    shape_ids = _shape_ids(cursor)
    epochs = history_table(Epoch)
    _keep_existing(cursor, epochs, shape_ids[epochs.name], number, f'WHERE r."{epochs.key}" = {number}')
    for table in covering:
        if table.name in shape_ids:
            _keep_existing(cursor, table, shape_ids[table.name], number)
    cursor.execute("SELECT audit_add_seal(NULL, %s::smallint)", [number])
    return number


def _shape_ids(cursor: Cursor) -> dict[str, int]:
    cursor.execute("SELECT table_name, max(id) FROM audit_shape GROUP BY table_name")
    return dict(cursor.fetchall())


def _keep_existing(cursor: Cursor, table: HistoryTable, shape: int, epoch: int, only: str = "") -> None:
    """Put the keys and digests of rows that are there on record, in portions."""
    cursor.execute(
        EXISTING.format(
            epoch=epoch,
            shape=shape,
            digest=rows_digest(table),
            key=table.key,
            row_digest=row_digest(table.columns, "r"),
            chunk=CHUNK,
            table=table.name,
            only=only,
        )
    )
