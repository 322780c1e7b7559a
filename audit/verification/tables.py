"""Whole tables: rows of history that no seal covers, and rows of today beside their last version."""

from django.db import models

from audit.tracking import Cursor, columns_there, guarded_models, tracked_models
from audit.verification.findings import SHOWN, Findings, Kind
from audit.verification.rows import Rows

UNCOVERED = """
SELECT t."{key}" FROM "{table}" t
LEFT JOIN (SELECT unnest(w.row_ids) AS id FROM audit_writtenrows w JOIN audit_shape s ON s.id = w.shape_id
           WHERE s.table_name = %s) k ON k.id = t."{key}"
WHERE k.id IS NULL AND t."{key}" >= %s ORDER BY 1
"""
UNSEALED = """
SELECT w.id FROM audit_writtenrows w
WHERE w.change_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.change_id = w.change_id)
   OR w.change_id IS NULL AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.change_id IS NULL AND s.epoch_id = w.epoch_id)
ORDER BY 1
"""
LIVE = """
SELECT coalesce(l."{key}", v."{key}"), v.history_type, l."{key}" IS NULL
FROM "{table}" l FULL JOIN (
    SELECT w.* FROM "{versions}" w
    JOIN (SELECT max(history_id) AS last FROM "{versions}" GROUP BY "{key}") m ON m.last = w.history_id
) v ON v."{key}" = l."{key}"
WHERE CASE WHEN v.history_type = '-' THEN l."{key}" IS NOT NULL
           ELSE l."{key}" IS NULL OR v."{key}" IS NULL OR ROW({of_live}) IS DISTINCT FROM ROW({of_version}) END
ORDER BY 1
"""


def tables_gone(cursor: Cursor, findings: Findings) -> set[str]:
    """Name and return the tables that history speaks of, or its own, which aren't there at all; name the columns that
    are missing of tables with history."""
    there = columns_there(cursor)
    gone = {model._meta.db_table for model in guarded_models()} - set(there)
    for table in sorted(gone):
        findings.add(Kind.REMOVED, table, words="整张表不在")
    for model, _ in tracked_models():
        columns = {str(field.column) for field in model._meta.local_concrete_fields}
        if missing := columns - there.get(model._meta.db_table, columns):
            findings.add(Kind.ALTERED, model._meta.db_table, words=f"缺少列 {'、'.join(sorted(missing))}，不能再核对")
    return gone


def check_covered(cursor: Cursor, rows: Rows, findings: Findings, *, whole: bool) -> None:
    """Find rows that no statement on record wrote; of a part of the chain, among rows newer than its first."""
    for table, key in rows.keys.items():
        if table in rows.unreadable or (not whole and table not in rows.first):
            continue
        if whole:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608  (a table of ours)
            if cursor.fetchone()[0] == rows.present.get(table, 0):
                continue
        cursor.execute(UNCOVERED.format(table=table, key=key), [table, 0 if whole else rows.first[table]])
        for (row,) in cursor.fetchall():
            findings.add(Kind.INSERTED, table, row)


def check_statements(cursor: Cursor, statements: int, findings: Findings) -> None:
    """Find what is on record as written, but under no seal."""
    cursor.execute("SELECT count(*) FROM audit_writtenrows")
    if cursor.fetchone()[0] != statements:
        cursor.execute(UNSEALED)
        for (row,) in cursor.fetchall():
            findings.add(Kind.INSERTED, "audit_writtenrows", row)


def check_live(cursor: Cursor, model: type[models.Model], version: type[models.Model], findings: Findings) -> None:
    """Compare each row of a tracked table with its last version."""
    kept = {field.column for field in version._meta.local_fields}
    columns = [field.column for field in model._meta.local_fields if field.column in kept and not field.generated]
    table, key = model._meta.db_table, model._meta.pk.column
    cursor.execute(
        LIVE.format(
            table=table,
            versions=version._meta.db_table,
            key=key,
            of_live=", ".join(f'l."{column}"' for column in columns),
            of_version=", ".join(f'v."{column}"' for column in columns),
        )
    )
    for row, last, is_gone in cursor.fetchall():
        words = "没有任何版本" if last is None else "行已不在" if is_gone else "版本说已删除" if last == "-" else ""
        findings.add(Kind.LIVE, table, row, words)


__all__ = ["SHOWN", "check_covered", "check_live", "check_statements"]
