"""A form handed out, and what somebody does to the file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from audit.recording import recorded
from indicators.models import Indicator, IndicatorPart
from organisations.models import User
from submissions.actions.workbook import Taken, hand_out, keep_upload, take_over
from submissions.models import Submission
from submissions.workbook.difference import Difference, Line, compare
from submissions.workbook.reading import form_in
from submissions.workbook.sheets import FIGURES, HEADS
from tests.factories.indicators import indicator
from tests.factories.plans import plan
from tests.factories.submissions import opened
from workbooks.parser import parse
from workbooks.reading import found_sheets

HEAD_ROW = 4
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def form_of(writer: User, *asked: Mapping[str, Any], **fields: object) -> Submission:
    """An open form with an indicator for each of the given fields; three of 亿元 if none are given."""
    of = plan()
    rows = [indicator(of=of, lead=writer.organisation, **{"unit": "亿元", **each}) for each in asked or [{}] * 3]
    return opened(*rows, **fields)


def parts_of(of: Indicator, *names: str) -> None:
    with recorded(by=None, reason="测试"):
        for number, name in enumerate(names, start=1):
            IndicatorPart.objects.create(indicator=of, number=number, name=name, unit="家")


def handed_out(form: Submission, to: Path, by: User, name: str = "form.xlsx") -> Path:
    path = to / name
    path.write_bytes(hand_out(form, by=by))
    return path


def cell_of(path: Path, key: str, head: str = "本期", sheet: str = FIGURES) -> str:
    """The address of a row's cell under a head."""
    page = load_workbook(path)[sheet]
    heads = {cell.value: cell.column for cell in page[HEAD_ROW]}
    keys = heads["行标识（请勿改动）"]
    line = next(row for row in range(HEAD_ROW + 1, page.max_row + 1) if page.cell(row, keys).value == key)
    return str(page.cell(line, heads[head]).coordinate)


def typed(path: Path, key: str, value: object, head: str = "本期", sheet: str = FIGURES) -> Path:
    """Type into one cell, as somebody would."""
    address = cell_of(path, key, head, sheet)

    def write(book: Workbook) -> None:
        book[sheet][address].value = value

    return edited(path, write)


def edited(path: Path, change: Callable[[Workbook], object]) -> Path:
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def keys_of(form: Submission) -> list[str]:
    return [f"指标-{figure.indicator.number}" for figure in form.figures.order_by("indicator__number")]


def again(form: Submission) -> Submission:
    return Submission.objects.select_related("period__plan", "organisation").get(pk=form.pk)


def difference(form: Submission, path: Path) -> Difference:
    """What the file would change; it is trusted here, and taken apart in this very process."""
    return compare(again(form), form_in(found_sheets(parse(path))))


def only(form: Submission, path: Path) -> Line:
    (line,) = difference(form, path).lines
    return line


def uploaded(path: Path) -> SimpleUploadedFile:
    return SimpleUploadedFile(path.name, path.read_bytes(), content_type=EXCEL)


def taken(form: Submission, path: Path, by: User, *, all_of_it: bool = False) -> Taken:
    """Upload the file and take over what is ticked from the start, or whatever may be."""
    kept = keep_upload(again(form), uploaded(path), by=by)
    found = difference(form, path)
    lines = found.may_be_taken if all_of_it else found.changes
    return take_over(kept, by=by, ticked={line.id: line.row.owner.revision for line in lines})


def head_of(name: str, sheet: str = FIGURES) -> str:
    return next(column.head for column in HEADS[sheet].values() if column.name == name)
