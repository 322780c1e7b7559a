"""Whose file it is, and what stood in it when it was handed out: a hidden sheet with a checksum of its own."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from audit.spreadsheets import inert
from submissions.models import Submission
from submissions.workbook.rows import Row
from submissions.workbook.sheets import TEMPLATE
from workbooks.cells import FoundSheet

WARNING = "供系统识别这份填报表，请勿改动或删除。"
ROWS_FROM = "行标识"
_NAMES = ("规划", "报告期", "单位", "模板版本", "下载时间", "校验")
_MOMENT = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True)
class Base:
    """A row as it was handed out: how often it had been saved, in what unit it is counted, and its words."""

    revision: int
    unit: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Identity:
    """``is_whole`` tells whether the checksum fits: if not, somebody changed what no form asks to be changed."""

    plan: str
    period: str
    organisation: str
    template: str
    handed_out: str
    rows: Mapping[str, Base]
    is_whole: bool = True

    def is_of(self, submission: Submission) -> bool:
        period = submission.period
        return (self.plan, self.period, self.organisation) == (
            period.plan.code,
            period.code,
            submission.organisation.code,
        )


def identity_rows(submission: Submission, rows: Iterable[Row], moment: datetime) -> list[list[str]]:
    """Return the hidden sheet: what the file is of, then what each input cell held."""
    period = submission.period
    named = [period.plan.code, period.code, submission.organisation.code, str(TEMPLATE), moment.strftime(_MOMENT)]
    kept = [each for row in rows for each in _kept(row)]
    heads = [[name, value] for name, value in zip(_NAMES, [*named, _checksum(named, kept)], strict=True)]
    return [
        [WARNING],
        *heads,
        [ROWS_FROM, "保存次数", "单位", "栏", "内容"],
        *([inert(t) for t in each] for each in kept),
    ]


def _kept(row: Row) -> list[list[str]]:
    start = [row.key, str(row.owner.revision), row.unit]
    return [[*start, "", ""], *([*start, name, row.texts[name]] for name in row.inputs if row.texts.get(name))]


def read_identity(sheet: FoundSheet | None) -> Identity | None:
    """Return what a file says of itself; None where it says nothing that can be understood."""
    rows = [[as_typed(cell.text) for cell in row] for row in sheet.rows] if sheet is not None else []
    named = {row[0]: row[1] for row in rows if len(row) == 2}
    if not set(_NAMES) <= set(named):
        return None
    start = next((place for place, row in enumerate(rows) if row[:1] == [ROWS_FROM]), len(rows))
    kept = [[*row, *[""] * 5][:5] for row in rows[start + 1 :]]
    plan, period, organisation, template, handed_out, checksum = (named[name] for name in _NAMES)
    is_whole = _checksum([plan, period, organisation, template, handed_out], kept) == checksum
    return Identity(plan, period, organisation, template, handed_out, _bases(kept), is_whole)


def _bases(kept: Sequence[Sequence[str]]) -> dict[str, Base]:
    texts: dict[str, dict[str, str]] = {}
    revisions: dict[str, tuple[int, str]] = {}
    for key, revision, unit, name, text in kept:
        revisions[key] = (int(revision) if revision.isdecimal() and len(revision) < 10 else -1, unit)
        if name:
            texts.setdefault(key, {})[name] = text
    return {key: Base(*told, texts.get(key, {})) for key, told in revisions.items()}


def _checksum(named: Sequence[str], kept: Sequence[Sequence[str]]) -> str:
    said = json.dumps([list(named), [[text.strip() for text in row] for row in kept]], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32].upper()


def as_typed(text: str) -> str:
    """A text without the apostrophe that kept it from being run as a formula when it was written."""
    return text[1:] if text.startswith("'") and inert(text[1:]) == text else text
