"""What taking over a file would change, cell by cell, before anything is saved."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from arithmetic.shown import number_on_screen
from submissions.checks import Finding, findings_of
from submissions.models import Figure, ProgressNote, Submission
from submissions.workbook.cells import Words, canonical, number_in, same, words_of
from submissions.workbook.identity import Base, Identity
from submissions.workbook.proposed import look, loses_places, proposed
from submissions.workbook.reading import FoundForm, FoundRow, Matched, match, read_form
from submissions.workbook.rows import Row, rows_of
from submissions.workbook.sheets import COLUMNS, EXPLANATION, TEMPLATE, VALUE
from workbooks.cells import BLANK, Problem
from workbooks.columns import Wrong


class Severity(StrEnum):
    """An error is never taken over, a warning only where somebody ticks it."""

    ERROR = "error"
    WARNING = "warning"
    CHANGE = "change"


@dataclass
class Line:
    """A cell that the file would change; ``old`` and ``new`` are its words."""

    row: Row
    name: str
    address: str
    old: str
    new: str
    severity: Severity = Severity.CHANGE
    messages: list[str] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"{self.row.key}/{self.name}"

    @property
    def head(self) -> str:
        return next(column.head for column in COLUMNS[self.row.sheet] if column.name == self.name)

    @property
    def cell(self) -> str:
        """The address within its sheet."""
        return self.address.rpartition("!")[2]

    @property
    def is_text(self) -> bool:
        return next(not column.is_figure for column in COLUMNS[self.row.sheet] if column.name == self.name)

    @property
    def old_shown(self) -> str:
        return _on_screen(self.old) or ("待填" if self.name == VALUE.name else "（空）")

    @property
    def new_shown(self) -> str:
        """The number as it was understood; as it stands in the file where it is wrong."""
        if self.severity is Severity.ERROR:
            return self.new or "（空）"
        number = number_in(self.name, self.new, self.row.unit)
        return number_on_screen(number) if number is not None else self.new or "（空）"

    @property
    def change(self) -> tuple[Row, str, str]:
        return self.row, self.name, self.new

    def wrong(self, words: str) -> None:
        self.severity = Severity.ERROR
        self.messages.append(words)

    def ask(self, words: str) -> None:
        if self.severity is not Severity.ERROR:
            self.severity = Severity.WARNING
        self.messages.append(words)


class Standing(StrEnum):
    """What the file is of, beside the form that it was given for."""

    OWN = "own"
    UNNAMED = "unnamed"
    OTHER_PERIOD = "other_period"
    OTHER_ORGANISATION = "other_organisation"
    OTHER_PLAN = "other_plan"


@dataclass
class Difference:
    """The file beside the form: what differs, what is the same, what is only in one of them."""

    submission: Submission
    identity: Identity | None
    standing: Standing
    lines: list[Line] = field(default_factory=list)
    same: list[Row] = field(default_factory=list)
    newer: list[Line] = field(default_factory=list)
    """Cells that nobody touched in the file and somebody saved since: the system's stay."""
    missing: Sequence[Row] = ()
    unknown: Sequence[FoundRow] = ()
    unclear: Sequence[Problem] = ()
    lacks: Sequence[str] = ()

    @property
    def is_foreign(self) -> bool:
        """Whether nothing of it is taken: another organisation's numbers, or another plan's."""
        return self.standing in (Standing.OTHER_ORGANISATION, Standing.OTHER_PLAN)

    @property
    def is_outdated(self) -> bool:
        old = self.identity is not None and self.identity.template != str(TEMPLATE)
        return old or bool(self.missing or self.unknown or self.lacks)

    def of(self, severity: str) -> list[Line]:
        return [line for line in self.lines if line.severity == severity]

    @property
    def errors(self) -> list[Line]:
        return self.of(Severity.ERROR)

    @property
    def warnings(self) -> list[Line]:
        return self.of(Severity.WARNING)

    @property
    def changes(self) -> list[Line]:
        return self.of(Severity.CHANGE)

    @property
    def may_be_taken(self) -> list[Line]:
        return [line for line in self.lines if line.severity is not Severity.ERROR]


def _on_screen(text: str) -> str:
    bare = text.removeprefix("-")
    is_plain = bare.isascii() and bare.replace(".", "", 1).isdecimal()
    return number_on_screen(Decimal(text)) if is_plain else text


def difference_of(submission: Submission, path: Path, *, may_edit: bool = True) -> Difference:
    """Compare a file with the form as it is now; nothing is saved.

    Raises:
        Unusable: no form can be read from the file; the words say why.
    """
    return compare(submission, read_form(path), may_edit=may_edit)


def compare(submission: Submission, found: FoundForm, *, may_edit: bool = True) -> Difference:
    """As ``difference_of``, for a file that was read already."""
    standing = _standing(submission, found.identity)
    answer = Difference(submission, found.identity, standing)
    if answer.is_foreign:
        return answer
    rows = rows_of(submission, may_edit=may_edit)
    matched = match(rows, found.rows)
    answer.missing, answer.unknown = matched.missing, matched.unknown
    answer.unclear, answer.lacks = matched.unclear, found.lacks
    bases = found.identity.rows if found.identity is not None and standing is Standing.OWN else None
    for row, there in matched.pairs:
        base = bases.get(row.key) if bases is not None else None
        before = len(answer.lines)
        _Comparing(answer, matched, base).compare(row, there)
        if len(answer.lines) == before:
            answer.same.append(row)
    _check(answer.lines)
    if standing is Standing.OTHER_PERIOD:
        for line in answer.lines:
            line.ask("文件是另一报告期的填报表。请核对是否确为本期的数。")
    answer.lines.sort(key=lambda line: list(Severity).index(line.severity))
    return answer


def _standing(submission: Submission, identity: Identity | None) -> Standing:
    if identity is None:
        return Standing.UNNAMED
    if identity.plan != submission.period.plan.code:
        return Standing.OTHER_PLAN
    if identity.organisation != submission.organisation.code:
        return Standing.OTHER_ORGANISATION
    return Standing.OWN if identity.period == submission.period.code else Standing.OTHER_PERIOD


@dataclass
class _Comparing:
    """One row of the form beside its row of the file."""

    answer: Difference
    matched: Matched
    base: Base | None

    def compare(self, row: Row, there: FoundRow) -> None:
        explanation = self._said(row, there)
        for name in row.inputs:
            if name in there.cells:
                self._cell(row, there, name, explanation)

    def _said(self, row: Row, there: FoundRow) -> str:
        """What the row's 说明 would be: the reason for no data may stand there."""
        try:
            told = words_of(EXPLANATION.name, there.cells.get(EXPLANATION.name, BLANK)).text
        except Wrong:
            told = ""
        return told or row.texts.get(EXPLANATION.name, "")

    def _cell(self, row: Row, there: FoundRow, name: str, explanation: str) -> None:
        now = row.texts.get(name, "")
        line = Line(row, name, there.addresses[name], now, there.text(name))
        try:
            words = words_of(name, there.cells[name])
            if name == VALUE.name:
                words = Words(canonical(words.text, explanation), words.warning)
        except Wrong as wrong:
            line.wrong(str(wrong))
            self.answer.lines.append(line)
            return
        line.new = words.text
        if same(name, words.text, now, row.unit) or (not words.text and self.base is None):
            return
        handed_out = self.base.texts.get(name, "") if self.base is not None else None
        if handed_out is not None and same(name, words.text, handed_out, row.unit):
            self.answer.newer.append(line)
            return
        self._judge(line, there, words, handed_out)
        self.answer.lines.append(line)

    def _judge(self, line: Line, there: FoundRow, words: Words, handed_out: str | None) -> None:
        row = line.row
        if not row.is_open:
            line.wrong(f"{_why_shut(row)}，不能修改。确需更正的，请申请更正。")
            return
        counted = there.text("unit") or (self.base.unit if self.base is not None else "")
        if counted and counted != row.unit and line.name in (VALUE.name, "last_year_text"):
            line.wrong(
                f"文件中的单位是“{counted}”，现在应以{row.unit or '无单位的数'}计。请换算后在新下载的填报表中填写。"
            )
            return
        try:
            warnings, understood = look(row, line.name, words)
        except Wrong as wrong:
            line.wrong(str(wrong))
            return
        for sentence in warnings:
            line.ask(sentence)
        line.messages += understood
        self._look_beside(line, handed_out)

    def _look_beside(self, line: Line, handed_out: str | None) -> None:
        """What is odd about the change itself, whatever the number."""
        row = line.row
        if not line.new:
            line.ask("文件中这一格是空的，采用后系统中的内容将被清空。")
        if handed_out is not None and not same(line.name, handed_out, line.old, row.unit):
            who = row.owner.saved_by.name if row.owner.saved_by is not None else "他人"
            line.ask(f"下载以后，{who}在系统中改过这一格（当时为“{handed_out or '空白'}”）。请核对保留哪一个。")
        if row.key in self.matched.renamed:
            line.ask(self.matched.renamed[row.key])


def _why_shut(row: Row) -> str:
    owner = row.owner
    if isinstance(owner, Figure):
        return f"这一项当前为“{owner.get_state_display()}”"
    return "这份进展说明已经提交或发布" if not owner.is_editable else "填报表当前不能修改"


def by_owner(lines: Iterable[Line]) -> Iterator[tuple[Figure | ProgressNote, list[Line]]]:
    """Yield each figure or note with its lines: it is saved as a whole."""
    found: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in lines:
        found[type(line.row.owner).__name__, line.row.owner.pk].append(line)
    for each in found.values():
        yield each[0].row.owner, each


def _check(lines: Sequence[Line]) -> None:
    """Ask the checks of every form about the figures as they would be."""
    changed: list[tuple[Figure, Figure, list[Line]]] = []
    for owner, own in by_owner(line for line in lines if line.severity is not Severity.ERROR):
        if isinstance(owner, Figure):
            after = proposed(owner, [line.change for line in own])
            if after is None:
                continue
            _look_at_parts(after, own)
            changed.append((owner, after, own))
            _look_at_rounding(owner, after, own)
    known = _findings([before for before, _, _ in changed])
    found = _findings([after for _, after, _ in changed])
    for before, after, own in changed:
        line = next((each for each in own if each.name == VALUE.name and each.row.part is None), own[0])
        told = {(each.kind, each.message) for each in known.get(before.pk, [])}
        for finding in found.get(after.pk, []):
            if (finding.kind, finding.message) in told:
                continue
            if finding.blocks:
                line.wrong(finding.message)
            elif not finding.is_explained:
                line.ask(f"{finding.message}仍要采用的，请补写说明。")
            else:
                line.messages.append(finding.message)


def _look_at_parts(after: Figure, own: Iterable[Line]) -> None:
    for line in own:
        if line.row.part is not None and line.new and not after.parts:
            line.wrong("总数（“本期”一格）没有数，分项不能单独采用。请把总数也填上。")


def _look_at_rounding(before: Figure, after: Figure, own: Iterable[Line]) -> None:
    places = loses_places(before.value, after.value)
    for line in own:
        if places and line.name == VALUE.name and line.row.part is None:
            line.ask(f"文件中少 {places} 位小数，可能是 Excel 显示时四舍五入。请核实。")


def _findings(figures: Sequence[Figure]) -> Mapping[int, list[Finding]]:
    found: dict[int, list[Finding]] = defaultdict(list)
    for finding in findings_of(figures) if figures else ():
        if finding.figure is not None:
            found[finding.figure.pk].append(finding)
    return found
