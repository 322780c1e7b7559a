"""All checks in their order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from audit.anchors import Anchor
from audit.canonical import epoch_table, history_tables
from audit.models import Change, Epoch, Seal, Shape, WrittenRows
from audit.tracking import Cursor, tables_as_modelled, tracked_models
from audit.verification.chain import Chain
from audit.verification.findings import Findings, Kind
from audit.verification.rows import Rows, shapes
from audit.verification.structure import check_structure
from audit.verification.tables import check_covered, check_live, check_statements, tables_gone

OWN_TABLES = {model._meta.db_table for model in (Change, Epoch, Seal, Shape, WrittenRows)}


@dataclass(frozen=True)
class Report:
    findings: Findings
    seals: int  # how many were checked
    rows: int
    epochs: Sequence[tuple[int, datetime, str]]  # number, since when, note


def verify(
    *,
    anchors: Sequence[Anchor] = (),
    since: datetime | None = None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Report:
    """Check the whole chain, or from the first seal at or after ``since``; each row, each live row, each trigger.

    An anchor shows whether the chain was shortened or rewritten since: the chain alone can't. ``progress`` is told the
    number of the seal reached and of the last.
    """
    findings = Findings()
    with transaction.atomic(), connection.cursor() as wrapped:
        cursor = wrapped.cursor  # the driver's own: with DEBUG the other keeps the text of each query
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL datestyle = 'ISO, YMD'")
        gone = tables_gone(cursor, findings)
        if gone & OWN_TABLES:
            return Report(findings, 0, 0, [])
        known = shapes(cursor)
        check_structure(cursor, {shape.table: number for number, shape in sorted(known.items())}, findings)
        cursor.execute("SELECT coalesce(max(sequence), 0) FROM audit_seal")
        length = cursor.fetchone()[0]
        start = _start(cursor, since)
        keys = {table.name: table.key for table in (epoch_table(), *history_tables())}
        rows = Rows(cursor, keys, known, findings, unreadable=gone)
        chain = Chain(cursor, rows, findings, lambda done: progress(done, length))
        chain.digests_at = {anchor.count: None for anchor in anchors}
        chain.walk(start)
        check_covered(cursor, rows, findings, whole=not start)
        if not start:
            check_statements(cursor, chain.statements, findings)
        whole = tables_as_modelled(cursor)
        for model, version in tracked_models():
            if {model._meta.db_table, version._meta.db_table} <= whole:
                check_live(cursor, model, version, findings)
        for anchor in anchors:
            _check_anchor(cursor, anchor, chain, findings)
        if not length:
            findings.add(Kind.BROKEN, "封印", words="一个也没有")
        cursor.execute("SELECT number, opened_at, note FROM audit_epoch ORDER BY number")
        epochs = cursor.fetchall()
    return Report(findings, length - start, sum(rows.present.values()), epochs)


def _start(cursor: Cursor, since: datetime | None) -> int:
    """Return the number of the seal before the first to be checked."""
    if since is None:
        return 0
    cursor.execute(
        "SELECT coalesce(min(sequence) - 1, (SELECT max(sequence) FROM audit_seal), 0) FROM audit_seal WHERE at >= %s",
        [since],
    )
    return int(cursor.fetchone()[0])


def _check_anchor(cursor: Cursor, anchor: Anchor, chain: Chain, findings: Findings) -> None:
    length = chain.last.sequence if chain.last else 0
    if anchor.count > length:
        findings.add(Kind.SHORTENED, "封印", words=f"锚点记有 {anchor.count} 个，现在只有 {length} 个")
        return
    digest = chain.digests_at[anchor.count]
    if digest is None:
        cursor.execute("SELECT digest FROM audit_seal WHERE sequence = %s", [anchor.count])
        found = cursor.fetchone()
        digest = bytes(found[0]) if found else b""
    if digest.hex() != anchor.digest:
        findings.add(Kind.REWRITTEN, "封印", f"第{anchor.count}号", "摘要不是锚点所记的")
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM audit_epoch WHERE number = %s AND key = %s)",
        [anchor.values["epoch"], anchor.key],
    )
    if not cursor.fetchone()[0]:
        findings.add(Kind.REWRITTEN, "锚点", anchor.key[:16], "签名的密钥不是历史链所记的")
