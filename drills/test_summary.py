"""A superior's workbook that another program saved is mapped and filled in, and opens in that program with its formulas
computed from what was written."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from drills.libreoffice import edited, is_there
from submissions.actions.consolidated import EXCEL
from submissions.actions.summary import export_summary, map_template, upload_template
from submissions.summary.mapping import read_mapping
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, reviewer
from tests.factories.plans import plan
from tests.factories.submissions import published
from tests.submissions.summary.books import table_book

pytestmark = [pytest.mark.timeout(600), pytest.mark.django_db]
HEADS = ["序号", "指标名称", "目标值（万元）", "本期完成（万元）", "完成率", "占比"]


@pytest.fixture
def place(tmp_path: Path, settings) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    if not is_there(tmp_path):
        pytest.skip("no LibreOffice Calc here (soffice on the path, or SOFFICE=/path/to/soffice)")
    return tmp_path


def template(number: int) -> Workbook:
    book = table_book(HEADS, [7, "1. 工业总产值", None, None, None, "=D4/C4"], [None, "合计", None, "=SUM(D4:D4)"])
    page = book.active
    page.merge_cells("A1:F1")
    page["E4"].number_format, page["D4"].number_format = "0.0%", "#,##0.00"
    page["H1"] = "快报"
    name = f"指标{number}_完成值_亿元"
    book.defined_names[name] = DefinedName(name, attr_text=f"{page.title}!$H$2")
    return book


def test_a_template_of_another_program_is_filled_in_and_computed_there(place: Path) -> None:
    by, of = reviewer(), plan()
    row = indicator(of=of, lead=organisation(), name="工业总产值", unit="亿元", target=Decimal(100))
    published(row, "60.5")
    template(row.number).save(place / "made.xlsx")
    source = edited(place / "made.xlsx", place / "theirs.xlsx", [])
    upload = SimpleUploadedFile("附表.xlsx", source.read_bytes(), content_type=EXCEL)
    kept = upload_template(of, upload, by=by, name="附表")
    kept = map_template(kept, by=by, reason="核对", mapped=read_mapping(kept.mapping))
    (place / "out.xlsx").write_bytes(export_summary(kept, None, by=by).content)
    page = load_workbook(edited(place / "out.xlsx", place / "seen.xlsx", []), data_only=True).active
    seen = {name: page[name].value for name in ("C4", "D4", "E4", "F4", "D5", "H2")}
    assert seen == {"C4": 1_000_000, "D4": 605_000, "E4": 0.605, "F4": 0.605, "D5": 605_000, "H2": 60.5}
    assert [str(each) for each in page.merged_cells.ranges] == ["A1:F1"]
