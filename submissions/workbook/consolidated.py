"""The working group's consolidated workbook: one row for each organisation and indicator, read, matched, answered."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from django.db.models import Exists, OuterRef
from openpyxl import Workbook

from audit.spreadsheets import inert
from indicators.models import Indicator
from plans.models import ReportingPeriod
from submissions.actions.proposals import Asked
from submissions.models import Answer, Figure, Submission
from submissions.states import EDITABLE, EDITABLE_CELLS
from submissions.workbook.cells import arguments, canonical, words_of
from submissions.workbook.identity import as_typed
from submissions.workbook.sheets import VALUE
from workbooks.cells import BLANK, Cell, CellKind, FoundSheet, Problem, Unusable, column_letter
from workbooks.columns import Wrong
from workbooks.markings import EXACT
from workbooks.plain import plain_workbook
from workbooks.reading import read_workbook

TITLE = "汇总表"
HEADS = {
    "organisation": "填报单位",
    "period": "报告期",
    "number": "序号",
    "name": "规划指标",
    "unit": "单位",
    "value_text": VALUE.head,
    "explanation": "说明",
    "data_source": "数据来源",
}
MESSAGES = "载入结果"
WIDTHS = (28, 18, 8, 36, 10, 16, 32, 24)
_NEEDED = ("organisation", "name", "value_text")
_HEADS_WITHIN = 30  # rows; below them nobody looks for heads


@dataclass
class Line:
    """A row of the file, counted from 1: what it asks for, or why it can't; ``words`` are told in the end."""

    number: int
    words: str = ""
    asked: Asked | None = None


@dataclass(frozen=True)
class Book:
    """The sheet as it came, where its heads stand, and the rows below that say something."""

    sheet: FoundSheet
    head: int
    places: Mapping[str, int]
    lines: Sequence[Line] = field(default_factory=list)

    def text(self, line: Line, name: str) -> str:
        return as_typed(self.cell(line, name).text).strip()

    def cell(self, line: Line, name: str) -> Cell:
        cells, place = self.sheet.rows[line.number - 1], self.places.get(name)
        return cells[place] if place is not None and place < len(cells) else BLANK


def read_consolidated(path: Path) -> Book:
    """Read the workbook in a process of its own.

    Raises:
        Unusable: no plain .xlsx, or none with the heads of a consolidated workbook.
    """
    return book_in(read_workbook(path))


def book_in(sheets: Iterable[FoundSheet]) -> Book:
    """As ``read_consolidated``, from sheets that were read already."""
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:_HEADS_WITHIN]):
            heads = ["".join(cell.text.split()) for cell in row]
            if all(HEADS[name] in heads for name in _NEEDED):
                twice = next((head for head in HEADS.values() if heads.count(head) > 1), "")
                if twice:
                    raise Unusable([Problem(sheet.title, f"“{twice}”一列出现了两次，请删去一列后重新上传。")])
                places = {name: heads.index(head) for name, head in HEADS.items() if head in heads}
                book = Book(sheet, number, places)
                found = (Line(at) for at in range(number + 2, len(sheet.rows) + 1))
                lines = [line for line in found if any(not book.cell(line, name).is_blank for name in _NEEDED)]
                return Book(sheet, number, places, lines)
    needed = "、".join(f"“{HEADS[name]}”" for name in _NEEDED)
    raise Unusable([Problem("", f"没有找到汇总表的表头（应有{needed}三列）。请下载本期的汇总表，在其中填写后上传。")])


@dataclass(frozen=True)
class _Form:
    """The figures of an organisation's form by number, and by name."""

    by_number: dict[str, int] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


_CALLED = ("organisation__name", "organisation__short_name", "organisation__code", "organisation_name")


def _indicators(period: ReportingPeriod) -> Iterable[tuple[int, int, str]]:
    return Indicator.objects.filter(plan=period.plan_id).values_list("pk", "number", "name")


def _organisations(period: ReportingPeriod) -> Iterator[tuple[int, set[str]]]:
    """The forms that ask for something, with what their organisations are called."""
    rows = Submission.objects.filter(Exists(Figure.objects.filter(submission=OuterRef("pk"), is_owed=True)))
    for pk, *called in rows.filter(period=period).values_list("pk", *_CALLED):
        yield pk, {bare(name) for name in called if name}


class Targets:
    """Whom the rows may speak of: the forms of a period by what their organisations are called; three queries."""

    def __init__(self, period: ReportingPeriod) -> None:
        self.period = period
        self.forms: dict[str, _Form | None] = {}
        by_form: dict[int, _Form] = {}
        names = {pk: (str(number), bare(name)) for pk, number, name in _indicators(period)}
        rows = Figure.objects.filter(period=period, is_owed=True).order_by("submission", "indicator__number")
        for figure, submission, indicator in rows.values_list("pk", "submission", "indicator"):
            form = by_form.setdefault(submission, _Form())
            number, name = names[indicator]
            form.by_number[number] = figure
            form.by_name[name].append(figure)
        for pk, called in _organisations(period):
            for each in called:
                form = by_form.get(pk, _Form())
                known = self.forms.setdefault(each, form)
                self.forms[each] = form if known is form else None  # two organisations are called so

    def figure_of(self, organisation: str, number: str, name: str) -> int:
        """Return the figure that a row means.

        Raises:
            Wrong: none, or not one alone.
        """
        if not organisation:
            raise Wrong("没有写填报单位，没有载入。")
        if bare(organisation) not in self.forms:
            raise Wrong(f"“{organisation[:40]}”本期没有填报表，没有载入。请核对单位名称。")
        form = self.forms[bare(organisation)]
        if form is None:
            raise Wrong(f"有几个单位都叫“{organisation[:40]}”，没有载入。请写单位全称。")
        called = form.by_name.get(bare(name), [])
        numbered = form.by_number.get(number)
        if numbered in called or (len(called) == 1 and not number):
            return numbered if numbered in called and numbered is not None else called[0]
        if called and number:
            raise Wrong(f"序号 {number[:10]} 与“{name[:40]}”不是同一项指标，没有载入。请核对序号和名称。")
        if called:
            raise Wrong(f"这个单位有几项“{name[:40]}”，没有载入。请写序号。")
        raise Wrong(f"这个单位本期的填报表中没有“{name[:40]}”，没有载入。请核对指标名称。")


@lru_cache(maxsize=20_000)
def bare(text: str) -> str:
    """A name without what programs and people change in it: spaces, and the brackets' width."""
    return "".join(text.split()).replace("(", "（").replace(")", "）").replace(":", "：")


def match_lines(book: Book, targets: Targets) -> list[Line]:
    """Find the figure of each row; a figure that stands in several rows is asked for by none unless they agree."""
    first: dict[int, Line] = {}
    for line in book.lines:
        try:
            line.asked = _asked(book, line, targets)
        except Wrong as wrong:
            line.words = str(wrong)
            continue
        earlier = first.setdefault(line.asked.figure, line)
        if earlier is line:
            continue
        line.words = f"与第 {earlier.number} 行重复，内容相同。"
        if earlier.asked != line.asked:
            line.words = f"与第 {earlier.number} 行是同一项，内容不同，都没有载入。请只留一行。"
            earlier.words = earlier.words or f"与第 {line.number} 行是同一项，内容不同，都没有载入。请只留一行。"
        line.asked = None
    return [line for line in book.lines if line.asked is not None and not line.words]


def _asked(book: Book, line: Line, targets: Targets) -> Asked:
    period, told = targets.period, book.text(line, "period")
    if told and bare(told) not in (bare(period.name), period.code):
        raise Wrong(f"报告期是“{told[:40]}”，不是{period.name}，没有载入。")
    figure = targets.figure_of(*(book.text(line, name) for name in ("organisation", "number", "name")))
    value = words_of("value_text", book.cell(line, "value_text"))
    if value.warning:
        raise Wrong(f"{value.warning}没有载入，请改成计算后的值或不缩放的数。")
    explanation = words_of("explanation", book.cell(line, "explanation")).text
    words = arguments("value_text", canonical(value.text, explanation))
    if words["answer"] == Answer.BLANK:
        raise Wrong(f"“{VALUE.head}”是空的，没有载入。")
    return Asked(
        figure,
        words["answer"],
        words["value_text"],
        words["no_data_reason"],
        explanation,
        words_of("data_source", book.cell(line, "data_source")).text,
    )


def answered(book: Book) -> bytes:
    """Return the sheet as it came, with a column of what came of each row."""
    heads = ["".join(cell.text.split()) for cell in book.sheet.rows[book.head]]
    place = heads.index(MESSAGES) if MESSAGES in heads else max(map(len, book.sheet.rows))
    words = {line.number: line.words for line in book.lines} | {book.head + 1: MESSAGES}
    rows = []
    for number, row in enumerate(book.sheet.rows, start=1):
        cells = [_as_it_was(cell) for cell in row] + [None] * (place + 1 - len(row))
        cells[place] = words.get(number) or None
        rows.append(cells)
    return plain_workbook(book.sheet.title[:31] or TITLE, rows, widths=[*[18] * place, 60])


def _as_it_was(cell: Cell) -> Decimal | str | None:
    if cell.kind is CellKind.NUMBER:
        try:
            number = Decimal(cell.text)
        except InvalidOperation:
            return cell.text
        return number if len(number.normalize().as_tuple().digits) <= EXACT else cell.text
    return as_typed(cell.text) or None


def blank_consolidated(period: ReportingPeriod) -> bytes:
    """Return a workbook to fill in: a row for each figure of the period that its organisation hasn't filled in yet."""
    figures = Figure.objects.filter(
        period=period,
        is_owed=True,
        answer=Answer.BLANK,
        state__in=EDITABLE_CELLS,
        submission__state__in=EDITABLE,
    ).select_related("indicator", "organisation")
    workbook = Workbook(write_only=True)
    page = workbook.create_sheet(TITLE)
    page.freeze_panes = "A2"
    _set_widths(page, WIDTHS)
    page.append([inert(head) for head in HEADS.values()])
    for figure in figures.order_by("organisation__position", "organisation__code", "indicator__number"):
        indicator = figure.indicator
        told = [figure.organisation.name, period.name, indicator.number, indicator.name, indicator.unit]
        page.append([inert(each) for each in told])
    return _bytes_of(workbook)


def _set_widths(page: object, widths: Sequence[int]) -> None:
    for place, width in enumerate(widths, start=1):
        page.column_dimensions[column_letter(place)].width = width  # type: ignore[attr-defined]


def _bytes_of(workbook: Workbook) -> bytes:
    content = BytesIO()
    workbook.save(content)
    return content.getvalue()
