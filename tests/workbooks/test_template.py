"""The empty workbook, filled in as a planner would, loads."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from indicators.models import Indicator
from plans.models import Plan
from workbooks.plan_reading import INSTRUCTIONS
from workbooks.plan_sheets import EXAMPLE_MARK, SHEETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "空白.xlsx"
    call_command("plan_template", to=path, stdout=StringIO())
    return path


def load(path: Path) -> str:
    out = StringIO()
    call_command("load_plan", str(path), stdout=out)
    return out.getvalue()


def fill(path: Path, rows: dict[str, list[dict[str, object]]]) -> None:
    book = load_workbook(path)
    for title, lines in rows.items():
        heads = [cell.value for cell in book[title][1]]
        for number, line in enumerate(lines, start=3):
            for head, value in line.items():
                book[title].cell(number, heads.index(head) + 1, value)
    book.save(path)


def test_an_unfilled_template_loads_nothing_and_says_which_sheets_to_fill(template: Path) -> None:
    with pytest.raises(CommandError, match="规划!A2：本表没有内容"):
        load(template)


def test_a_filled_template_loads_and_its_examples_are_passed_over(template: Path) -> None:
    fill(
        template,
        {
            "规划": [
                {"代码": "roads", "规划名称": "道路规划", "基年": 2015, "起始年": 2016, "目标年": 2020, "来源": "报告"}
            ],
            "单位": [{"代码": "roads-office", "名称": "公路局", "类别": "部门", "来源": "报告"}],
            "指标类别": [{"序号": 1, "名称": "里程", "来源": "报告"}],
            "规划指标": [
                {
                    "序号": 1,
                    "类别": 1,
                    "指标名称": "公路里程",
                    "单位": "公里",
                    "基数（原文）": 1200,
                    "目标（原文）": "＞1500",
                    "目标形式": "不低于",
                    "来源": "报告",
                }
            ],
        },
    )
    assert "跳过示例行 13 行" in load(template)
    assert Plan.objects.get().code == "roads"
    assert Indicator.objects.get().target_printed == "＞1500"


def test_the_examples_are_a_plan_that_loads(template: Path) -> None:
    book = load_workbook(template)
    for sheet in SHEETS:
        remark = book[sheet.title][2][len(sheet.columns)]
        assert remark.value.startswith(EXAMPLE_MARK)
        remark.value = None
    book.save(template)
    load(template)
    assert Plan.objects.get().code == "example-2021"


def test_lists_and_instructions_stand_in_it(template: Path) -> None:
    book = load_workbook(template)
    assert book.sheetnames[:2] == [INSTRUCTIONS, "规划"]
    rules = {rule.promptTitle: rule for rule in book["规划指标"].data_validations.dataValidation}
    assert rules["指标属性"].formula1 == '"预期性,约束性"'
    assert rules["类别"].formula1 == "'指标类别'!$A$2:$A$1000"
    told = {row[1].value for row in book[INSTRUCTIONS].iter_rows(min_row=11)}
    assert {column.head for sheet in SHEETS for column in sheet.columns} <= told


def test_a_file_that_stands_there_is_not_overwritten(template: Path) -> None:
    with pytest.raises(CommandError, match="已经存在"):
        call_command("plan_template", to=template)
