"""Each row of history against the digest that was made when it was written."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from audit.canonical import Format, row_text
from audit.tracking import Cursor
from audit.verification.findings import Findings, Kind

AT_ONCE = 1_000


@dataclass(frozen=True)
class Shaped:
    """A table of history with the columns that it had when rows of it were digested."""

    table: str
    columns: tuple[tuple[str, str], ...]


@dataclass
class Written:
    """What one statement wrote, as it is on record."""

    key: int
    shape: int
    ids: Sequence[int]
    digests: bytes
    digest: bytes
    form: Format  # of its epoch
    at: int | None = None  # microseconds since 1970

    def pairs(self) -> Iterable[tuple[int, bytes]]:
        size = self.form.hash.size
        return ((row, self.digests[at * size : (at + 1) * size]) for at, row in enumerate(self.ids))


@dataclass
class Rows:
    """Compares rows with their digests, and counts them."""

    cursor: Cursor
    keys: dict[str, str]  # table: its key
    shapes: dict[int, Shaped]
    findings: Findings
    present: dict[str, int] = field(default_factory=dict)
    first: dict[str, int] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)

    def check(self, written: Sequence[Written]) -> None:
        """Compare all that these statements wrote; a statement's own digest first."""
        by_shape: dict[tuple[int, Format], dict[int, bytes]] = {}
        for each in written:
            shaped = self.shapes.get(each.shape)
            if shaped is None or shaped.table not in self.keys:
                self.findings.add(Kind.ALTERED, "audit_writtenrows", each.key, "不知是哪张表的行")
                continue
            told = each.form.rows_bytes(shaped.table, shaped.columns, each.ids, each.digests)
            if each.form.hash.digest(told) != each.digest:
                self.findings.add(Kind.ALTERED, "audit_writtenrows", each.key, f"{shaped.table} 的行摘要")
            by_shape.setdefault((each.shape, each.form), {}).update(each.pairs())
        for (shape, form), digests in by_shape.items():
            ids = list(digests)
            for start in range(0, len(ids), AT_ONCE):
                self._compare(self.shapes[shape], form, ids[start : start + AT_ONCE], digests)

    def _compare(self, shaped: Shaped, form: Format, ids: list[int], digests: dict[int, bytes]) -> None:
        table = shaped.table
        found = dict(self._texts(shaped, ids))
        if table in self.unreadable:
            return
        self.present[table] = self.present.get(table, 0) + len(found)
        self.first[table] = min(self.first.get(table, ids[0]), ids[0])
        originals: set[bytes] = set()
        for row in ids:
            text = found.get(row)
            if text is None:
                self.findings.add(Kind.REMOVED, table, row)
                continue
            digest = form.hash.digest(text.encode())
            if digest != digests[row]:
                originals = originals or set(digests.values())
                self.findings.add(Kind.REORDERED if digest in originals else Kind.ALTERED, table, row)

    def _texts(self, shaped: Shaped, ids: list[int]) -> list[tuple[int, str]]:
        if shaped.table in self.unreadable:
            return []
        if gone := {name for name, _ in shaped.columns} - self._columns(shaped.table):
            self.unreadable.add(shaped.table)
            self.findings.add(Kind.ALTERED, shaped.table, words=f"缺少列 {'、'.join(sorted(gone))}，不能再核对")
            return []
        key = self.keys[shaped.table]
        self.cursor.execute(SELECT.format(key=key, text=row_text(shaped.columns, "r"), table=shaped.table), [ids])
        rows: list[tuple[int, str]] = self.cursor.fetchall()
        return rows

    def _columns(self, table: str) -> set[str]:
        if table not in self._known_columns:
            self.cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
                [table],
            )
            self._known_columns[table] = {name for (name,) in self.cursor.fetchall()}
        return self._known_columns[table]

    _known_columns: dict[str, set[str]] = field(default_factory=dict)


SELECT = 'SELECT r."{key}", {text} FROM "{table}" r WHERE r."{key}" = ANY(%s)'


def shapes(cursor: Cursor) -> dict[int, Shaped]:
    """Return the shapes on record, by number."""
    cursor.execute("SELECT id, table_name, columns::text FROM audit_shape")
    rows: list[tuple[int, str, str]] = cursor.fetchall()
    return {number: Shaped(table, tuple(map(tuple, json.loads(columns)))) for number, table, columns in rows}
