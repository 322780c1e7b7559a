"""The last verification of history, kept as a file among the anchors: what pages say of the seals without checking anew.

The file proves nothing by itself: who wants proof runs ``manage.py verify_history --anchor``.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from audit import anchors, signing
from audit.models import Change, Entry, Seal, WrittenRows
from audit.tracking import tracked_models
from audit.verification import Finding, verify

NAME = "last-check.json"
OVERDUE = timedelta(days=2)
CHANGES = 1_000  # at most so many bad changes are named

CHANGE_OF_ROW = """
SELECT w.change_id FROM audit_writtenrows w JOIN audit_shape s ON s.id = w.shape_id
WHERE s.table_name = %s AND %s = ANY(w.row_ids) AND w.change_id IS NOT NULL LIMIT 1
"""


@dataclass(frozen=True)
class Checked:
    """When it was checked and how long that took; how many seals and rows; by anchors taken until when; what was found.

    ``changes`` are the numbers of the changes that don't fit their seals, as far as a finding belongs to one;
    ``unsigned`` says why no anchor can be taken, or since when none was.
    """

    at: datetime
    seconds: int
    seals: int
    rows: int
    anchored: datetime | None
    findings: Sequence[str]
    changes: Sequence[int]
    unsigned: str = ""

    @property
    def is_whole(self) -> bool:
        return not self.findings


def check(progress: Callable[[int, int], None] = lambda _done, _length: None) -> Checked:
    """Verify the whole chain by every anchor that is kept, and keep the result; ``progress`` is told of seals."""
    started, moment = time.monotonic(), timezone.now()
    known, unreadable = _anchors()
    report = verify(anchors=known, progress=progress)
    found = [str(finding) for finding in report.findings.listed] + unreadable
    anchored = max((datetime.fromisoformat(each.values["at"]) for each in known), default=None)
    checked = Checked(
        moment,
        round(time.monotonic() - started),
        report.seals,
        report.rows,
        anchored,
        found,
        sorted(_changes(report.findings.listed))[:CHANGES],
        _unsigned(anchored, moment),
    )
    _keep(checked)
    return checked


def last() -> Checked | None:
    """What the last check found; None where there was none, or its file can't be read."""
    try:
        values = json.loads(_file().read_text(encoding="utf-8"))
        anchored = values["anchored"] and datetime.fromisoformat(values["anchored"])
        return Checked(**values | {"at": datetime.fromisoformat(values["at"]), "anchored": anchored})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _unsigned(anchored: datetime | None, moment: datetime) -> str:
    """Why no anchor can be taken now, or since when none was; empty where all is well."""
    try:
        signing.current()
    except signing.NoKey as error:
        return str(error)
    if anchored is not None and moment - anchored > OVERDUE:
        return (
            f"最近的锚点取于 {timezone.localtime(anchored):%Y-%m-%d %H:%M}，此后没有取成：请检查定时任务和后台任务。"
        )
    return ""


def _anchors() -> tuple[list[anchors.Anchor], list[str]]:
    """The anchors that are kept, and what is wrong with those that aren't."""
    known, wrong = [], []
    for file in anchors.kept():
        try:
            known.append(anchors.read(file))
        except anchors.AnchorError as error:
            wrong.append(str(error))
    return known, wrong


def _changes(findings: Iterable[Finding]) -> set[int]:
    """The changes that findings belong to: of a seal, of a row of history, of the last version of a row of today."""
    versions = {model._meta.db_table: version for model, version in tracked_models()}
    history = {version._meta.db_table: version for version in versions.values()}
    history |= {model._meta.db_table: model for model in (Entry, WrittenRows)}
    found: set[int] = set()
    for finding in findings:
        thing, _, which = finding.place.partition(" ")
        number = which.strip("第号")
        if not number.isdigit():
            continue
        if thing == Change._meta.db_table:
            found.add(int(number))
        elif thing == "封印":
            found |= _changes_in(Seal.objects.filter(sequence=number))
        elif thing in history:
            found |= _changes_in(history[thing]._default_manager.filter(pk=number)) or _writer_of(thing, int(number))
        elif thing in versions:
            last = versions[thing]._default_manager.filter(id=number).order_by("-pk")
            found |= _changes_in(last.filter(pk__in=last.values("pk")[:1]))
    return found


def _changes_in(rows: QuerySet[Any]) -> set[int]:
    return set(rows.filter(change__isnull=False).values_list("change_id", flat=True))


def _writer_of(table: str, row: int) -> set[int]:
    """The change that wrote a row of history which is gone."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGE_OF_ROW, [table, row])
        return {change for (change,) in cursor.fetchall()}


def _keep(checked: Checked) -> None:
    anchors.folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _file().with_name(f".{NAME}.{os.getpid()}")
    draft.write_text(json.dumps(asdict(checked), default=datetime.isoformat, ensure_ascii=False), encoding="utf-8")
    draft.rename(_file())


def _file() -> Path:
    return anchors.folder() / NAME
