"""Loading a plan from a folder or a workbook."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.urls import get_resolver
from openpyxl import load_workbook

from audit.models import Change, Entry
from indicators.models import AnnualTarget, Indicator, TargetForm
from organisations.models import Organisation, Provenance
from plans.models import Plan
from responsibilities.models import Responsibility
from tests.workbooks.books import CLEAR_WATER, change, copy_of, workbook_of
from workbooks.actions import load_plan
from workbooks.cells import Unusable
from workbooks.plan_rules import RESERVED_CODES

pytestmark = pytest.mark.django_db


def load(path: Path, **options: object) -> str:
    out = StringIO()
    call_command("load_plan", str(path), stdout=out, **options)
    return out.getvalue()


def versions() -> int:
    return sum(model.history.count() for model in (Plan, Organisation, Indicator, AnnualTarget, Responsibility))


def problems_of(path: Path) -> dict[str, str]:
    with pytest.raises(Unusable) as caught:
        load_plan(path, by=None)
    return {problem.cell: problem.words for problem in caught.value.problems}


class TestLoading:
    def test_each_row_is_created_with_its_provenance(self) -> None:
        printed = load(CLEAR_WATER)
        assert "规划指标：新增 6，变更 0，不变 0" in printed
        assert Organisation.objects.get(code="upstream").provenance == Provenance.ASSUMED
        assert Plan.objects.get(code="clear-water").host.name == "清水县水务局"

    def test_a_second_time_changes_nothing(self) -> None:
        load(CLEAR_WATER)
        before = versions(), Change.objects.count(), Entry.objects.count()
        printed = load(CLEAR_WATER)
        assert "新增 0，变更 0，不变 6" in printed
        assert "没有变化" in printed
        assert (versions(), Change.objects.count(), Entry.objects.count()) == before

    def test_a_changed_cell_makes_one_version_of_one_row(self, tmp_path: Path) -> None:
        load(CLEAR_WATER)
        before, folder = versions(), copy_of(CLEAR_WATER, tmp_path)
        sheet = folder / "indicators.csv"
        sheet.write_text(sheet.read_text().replace("85.5", "86.5"))
        assert "规划指标：新增 0，变更 1，不变 5" in load(folder)
        assert versions() == before + 1
        assert Indicator.objects.get(number=1).base == Decimal("86.5")

    def test_a_dry_run_tells_and_saves_nothing(self) -> None:
        printed = load(CLEAR_WATER, dry_run=True)
        assert "规划指标：新增 6" in printed
        assert "管网漏损率" in printed
        assert (Plan.objects.count(), Change.objects.count()) == (0, 0)

    def test_it_is_one_change_of_the_command_with_an_entry(self) -> None:
        load(CLEAR_WATER)
        change = Change.objects.get()
        assert (change.actor_name, change.door) == ("系统", "command")
        assert [entry.event for entry in change.entries.all()] == ["plan.load"]

    def test_a_workbook_holds_the_same_as_the_folder(self, tmp_path: Path) -> None:
        load(CLEAR_WATER)
        assert "没有变化" in load(workbook_of(CLEAR_WATER, tmp_path))


class TestWhatIsWritten:
    def test_printed_forms_are_kept_beside_what_they_mean(self) -> None:
        load(CLEAR_WATER)
        rows = {row.number: row for row in Indicator.objects.all()}
        assert (rows[1].target_printed, rows[1].target, rows[1].target_form) == ("≤60", 60, TargetForm.AT_MOST)
        assert (rows[2].base_printed, rows[2].base, rows[2].target_upper) == ("15%", 15, 10)
        assert (rows[5].base, rows[5].target) == (0, 1)
        assert (rows[6].base_printed, rows[6].base, rows[6].base_missing) == ("——", None, "not_set")

    @pytest.mark.parametrize(
        ("cell", "typed", "value"),
        [
            ("规划指标!J5", "３.２０", "3.20"),
            ("规划指标!J5", "1,234.5", "1234.5"),
            ("规划指标!J2", "1.2万", "12000"),
            ("规划指标!J4", "46.9%", "46.9"),
            ("规划指标!J4", "0.469", "0.469"),
        ],
    )
    def test_another_way_of_writing_is_understood_and_shown_back(
        self, tmp_path: Path, cell: str, typed: str, value: str
    ) -> None:
        book = workbook_of(CLEAR_WATER, tmp_path)
        change(book, {cell: typed})
        printed = load(book)
        assert f"{cell}：“{typed}”理解为" in printed
        assert Indicator.objects.get(number=int(cell[-1]) - 1).base == Decimal(value)

    def test_a_cell_in_percent_format_is_read_as_it_is_shown(self, tmp_path: Path) -> None:
        book = workbook_of(CLEAR_WATER, tmp_path)
        change(book, {"规划指标!J4": Decimal("0.469")})
        workbook = load_workbook(book)
        workbook["规划指标"]["J4"].number_format = "0.0%"
        workbook.save(book)
        load(book)
        row = Indicator.objects.get(number=3)
        assert (row.base_printed, row.base) == ("46.9%", Decimal("46.9"))


class TestRefusals:
    def test_twelve_planted_errors_name_twelve_cells_and_save_nothing(self, tmp_path: Path) -> None:
        book = workbook_of(CLEAR_WATER, tmp_path)
        planted: dict[str, object] = {
            "规划!A2": "admin",
            "单位!D3": "局",
            "年度值!A3": 1,
            "指标类别!B3": None,
            "规划指标!B4": 9,
            "规划指标!J2": "约1298",
            "规划指标!L5": "=1+1",
            "规划指标!M2": "达到",
            "规划指标!K7": None,
            "年度目标!B2": 2031,
            "责任分解!A5": "nobody",
            "年度值!C4": "2.95左右",
        }
        change(book, planted)
        assert set(problems_of(book)) == set(planted)
        with pytest.raises(CommandError, match="以下 12 处"):
            load(book)
        assert (Plan.objects.count(), Organisation.objects.count(), Change.objects.count()) == (0, 0, 0)

    def test_what_is_there_and_what_is_expected_is_said(self, tmp_path: Path) -> None:
        book = workbook_of(CLEAR_WATER, tmp_path)
        change(book, {"规划指标!E3": "强制性", "规划指标!J2": "=B2*2", "规划指标!L4": "#REF!"})
        found = problems_of(book)
        assert found["规划指标!E3"] == "这里是“强制性”，应为“预期性”、“约束性”之一。"
        assert found["规划指标!J2"].startswith("这里是公式“=B2*2”，应为")
        assert "#REF!" in found["规划指标!L4"]

    def test_a_row_given_twice_is_named(self, tmp_path: Path) -> None:
        book = workbook_of(CLEAR_WATER, tmp_path)
        change(book, {"规划指标!A3": 1})
        assert "重复" in problems_of(book)["规划指标!A3"]

    def test_an_unknown_sheet_and_an_unknown_column_are_named(self, tmp_path: Path) -> None:
        book = workbook_of(CLEAR_WATER, tmp_path)
        change(book, {"规划指标!Q1": "心情"})
        assert "心情" in problems_of(book)["规划指标!Q1"]
        folder = copy_of(CLEAR_WATER, tmp_path)
        (folder / "moods.csv").write_text("序号\n1\n")
        assert "moods.csv" in problems_of(folder)

    def test_a_missing_sheet_is_named(self, tmp_path: Path) -> None:
        folder = copy_of(CLEAR_WATER, tmp_path)
        (folder / "indicators.csv").unlink()
        assert "缺少" in problems_of(folder)["规划指标"]

    @pytest.mark.parametrize("code", sorted(RESERVED_CODES))
    def test_a_code_that_is_an_address_of_our_own_is_refused(self, tmp_path: Path, code: str) -> None:
        folder = copy_of(CLEAR_WATER, tmp_path)
        sheet = folder / "plan.csv"
        sheet.write_text(sheet.read_text().replace("clear-water", code))
        assert "系统自用" in problems_of(folder)["规划!A2"]

    def test_every_first_part_of_an_address_is_reserved(self) -> None:
        ours = set()
        for pattern in get_resolver().url_patterns:
            is_open = str(pattern.pattern) == "" and hasattr(pattern, "url_patterns")
            ours |= {str(each.pattern).split("/")[0] for each in (pattern.url_patterns if is_open else [pattern])}
        assert {part for part in ours if part and not part.startswith("<")} <= RESERVED_CODES
