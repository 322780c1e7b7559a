"""A superior's workbook: mapped by names and heads, corrected, filled in with what is published."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from audit.recording import entries_of
from indicators.models import Indicator
from organisations.models import User
from plans.models import Plan
from submissions.actions.summary import export_summary, look_at, map_template, upload_template
from submissions.models import SummaryTemplate
from submissions.summary.filling import Fill
from submissions.summary.mapping import Mapped, read_mapping
from submissions.summary.words import OWN
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, organisation, reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import published
from tests.submissions.pages import client_of, text
from tests.submissions.summary.books import named_book, opened_again, table_book, uploaded

pytestmark = pytest.mark.django_db
HEADS = ["序号", "指标名称", "目标值（万元）", "本期完成（万元）", "完成率", "责任单位"]


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def of() -> Plan:
    return plan()


@pytest.fixture
def row(of: Plan) -> Indicator:
    """Of 亿元, target 100."""
    return indicator(of=of, lead=organisation(), name="工业总产值", unit="亿元", target=Decimal(100))


@pytest.fixture
def by() -> User:
    return reviewer()


def kept(of: Plan, book: Workbook, by: User, name: str = "") -> SummaryTemplate:
    return upload_template(of, uploaded(book), by=by, name=name)


def confirmed(template: SummaryTemplate, by: User, mapped: Mapped | None = None) -> SummaryTemplate:
    return map_template(template, by=by, reason="核对", mapped=mapped or read_mapping(template.mapping))


def filled(template: SummaryTemplate) -> Fill:
    return look_at(template, None)[0]


class TestProposing:
    def test_a_name_tells_the_indicator_what_it_is_and_its_unit(self, of: Plan, row: Indicator, by: User) -> None:
        template = kept(of, named_book(**{f"指标{row.number}_本期_万元": "B2", "别的": "C2"}), by)
        first, other = read_mapping(template.mapping).named
        assert (first.indicator, first.holds.what, first.holds.unit, first.cell) == (row.number, "value", "万元", "B2")
        assert (other.indicator, other.holds.what) == (None, "")

    def test_the_words_of_a_head_tell_what_its_columns_hold(self, of: Plan, row: Indicator, by: User) -> None:
        template = kept(of, table_book(HEADS, [1, "1. 工业总产值"]), by)
        (area,) = read_mapping(template.mapping).areas
        assert [holds.what for holds in area.columns.values()] == [
            "number", "name", "target", "value", "completion", "lead",
        ]  # fmt: skip
        assert area.columns[4].unit == "万元"
        assert area.is_matched

    def test_a_unit_that_nobody_wrote_is_asked_for(self, of: Plan, row: Indicator, by: User) -> None:
        template = kept(of, table_book(["指标名称", "完成值"], ["工业总产值"]), by)
        with pytest.raises(ValidationError, match="还没有选定单位"):
            confirmed(template, by)

    @pytest.mark.parametrize(
        ("content", "words"),
        [(b"a,b\n1,2\n", "可以接收|不是 .xlsx"), (b"", "空的")],
    )
    def test_another_file_is_refused_by_name(self, of: Plan, by: User, content: bytes, words: str) -> None:
        with pytest.raises(ValidationError, match=words):
            upload_template(of, SimpleUploadedFile("表.xlsx", content), by=by, name="")

    def test_a_workbook_without_a_place_to_fill_in_is_refused(self, of: Plan, row: Indicator, by: User) -> None:
        with pytest.raises(ValidationError, match="没有找到可以填写的位置"):
            kept(of, table_book(["甲", "乙"]), by)

    def test_a_name_is_taken_once(self, of: Plan, row: Indicator, by: User) -> None:
        kept(of, table_book(HEADS), by, "季报")
        with pytest.raises(ValidationError, match="已有名为“季报”"):
            kept(of, table_book(HEADS), by, "季报")

    def test_only_the_working_group_uploads(self, of: Plan, row: Indicator) -> None:
        with pytest.raises(PermissionDenied):
            kept(of, table_book(HEADS), leader())


class TestFilling:
    def test_values_are_converted_into_the_units_of_the_head(self, of: Plan, row: Indicator, by: User) -> None:
        published(row, "60.5")
        template = confirmed(kept(of, table_book(HEADS, [7, "工业总产值"]), by), by)
        page = opened_again(export_summary(template, None, by=by).content)
        assert [page[place].value for place in ("A4", "C4", "D4", "E4")] == [7, 1_000_000, 605_000, 60.5]
        assert page["F4"].value == row.responsibilities.get().organisation.name

    def test_formats_merged_cells_and_formulas_stay(self, of: Plan, row: Indicator, by: User) -> None:
        published(row, "60.5")
        book = table_book(HEADS, [7, "工业总产值", None, None, "=D4/C4"], ["", "合计", "=SUM(C4:C4)"])
        book.active["D4"].number_format = "#,##0.00"
        book.active.merge_cells("A1:F1")
        exported = export_summary(confirmed(kept(of, book, by), by), None, by=by)
        page = opened_again(exported.content)
        assert (page["E4"].value, page["C5"].value) == ("=D4/C4", "=SUM(C4:C4)")
        assert page["D4"].number_format == "#,##0.00"
        assert "A1:F1" in page.merged_cells
        assert [each.why for each in exported.fill.blank] == ["模板中是公式，没有改写"]

    def test_a_cell_formatted_as_a_percentage_gets_the_ratio(self, of: Plan, row: Indicator, by: User) -> None:
        published(row, "60.5")
        book = table_book(HEADS, [7, "工业总产值"])
        book.active["E4"].number_format = "0.0%"
        page = opened_again(export_summary(confirmed(kept(of, book, by), by), None, by=by).content)
        assert page["E4"].value == 0.605

    def test_what_is_missing_stays_blank_and_is_told(self, of: Plan, row: Indicator, by: User) -> None:
        template = confirmed(kept(of, table_book(HEADS, [7, "工业总产值"], [8, "别的指标"]), by), by)
        exported = export_summary(template, None, by=by)
        page = opened_again(exported.content)
        assert page["D4"].value is None
        assert "没有已发布值" in {each.why for each in exported.fill.blank}
        assert exported.fill.unknown == ["第 5 行“别的指标”"]

    def test_a_unit_of_another_thing_is_no_number(self, of: Plan, by: User) -> None:
        published(indicator(of=of, lead=organisation(), name="企业数", unit="家"), "12")
        fill = filled(kept(of, table_book(HEADS, [1, "企业数"]), by))
        assert "家不能换算成万元" in {each.why for each in fill.blank}

    def test_an_empty_table_is_written_in_the_order_of_the_plan(self, of: Plan, row: Indicator, by: User) -> None:
        indicator(of=of, lead=organisation(), name="用电量", unit="亿元")
        template = confirmed(kept(of, table_book(HEADS), by), by)
        page = opened_again(export_summary(template, None, by=by).content)
        assert [page["B4"].value, page["B5"].value] == ["工业总产值", "用电量"]

    def test_a_row_that_nobody_knows_is_told_once_by_a_person(self, of: Plan, row: Indicator, by: User) -> None:
        published(row, "60.5")
        template = kept(of, table_book(HEADS, [1, "规上工业产值"]), by)
        mapped = read_mapping(template.mapping)
        area = replace(mapped.areas[0], rows={4: row.number})
        template = confirmed(template, by, Mapped(mapped.named, [area]))
        assert opened_again(export_summary(template, None, by=by).content)["D4"].value == 605_000

    def test_a_period_gives_its_own_values_only(self, of: Plan, row: Indicator, by: User) -> None:
        first = published(row, "40", as_of=date(2017, 6, 30)).period
        published(row, "60.5", as_of=date(2018, 6, 30))
        template = kept(of, named_book(**{f"指标{row.number}_完成值_亿元": "B2"}), by)
        told = [look_at(template, of)[0].cells[0].text for of in (first, None, period(of=of))]
        assert told == ["40", "60.5", ""]

    def test_a_withdrawn_value_is_not_written(self, of: Plan, row: Indicator, by: User) -> None:
        published(row, "40", withdrawn_at="2018-07-01T00:00Z")
        assert filled(kept(of, named_book(**{f"指标{row.number}_完成值": "B2"}), by)).written == []

    def test_an_organisation_is_asked_for_by_its_name(self, of: Plan, row: Indicator, by: User) -> None:
        street = organisation(name="某街道")
        published(row, "60.5")
        published(row, "7", by=street, of=period(of=of))
        fill = filled(kept(of, table_book(["指标名称", "单位", "某街道"], ["工业总产值", "亿元"]), by))
        assert [each.text for each in fill.written] == ["7"]

    def test_a_text_never_becomes_a_formula(self, of: Plan, row: Indicator, by: User) -> None:
        published(row, "60.5", explanation="=1+1")
        template = confirmed(kept(of, table_book(["指标名称", "说明"], ["工业总产值"]), by), by)
        cell = opened_again(export_summary(template, None, by=by).content)["B4"]
        assert (cell.data_type, cell.value) == ("s", "'=1+1")


class TestExporting:
    def test_it_is_on_record_with_the_values_that_were_written(self, of: Plan, row: Indicator, by: User) -> None:
        value = published(row, "60.5")
        template = confirmed(kept(of, table_book(HEADS, [1, "工业总产值"]), by), by)
        export_summary(template, value.period, by=by)
        entry = entries_of(template).first()
        assert (entry.event, entry.detail["published"]) == ("summarytemplate.export", [value.pk])

    def test_nothing_is_exported_before_the_mapping_is_confirmed(self, of: Plan, row: Indicator, by: User) -> None:
        with pytest.raises(ValidationError, match="还没有确认"):
            export_summary(kept(of, table_book(HEADS, [1, "工业总产值"]), by), None, by=by)

    def test_a_template_out_of_use_is_not_exported(self, of: Plan, row: Indicator, by: User) -> None:
        template = kept(of, table_book(HEADS), by)
        map_template(template, by=by, reason="换表", mapped=read_mapping(template.mapping), is_active=False)
        template.refresh_from_db()
        with pytest.raises(ValidationError, match="停用"):
            export_summary(template, None, by=by)

    def test_a_reporter_takes_nothing_out(self, of: Plan, row: Indicator, by: User) -> None:
        template = confirmed(kept(of, table_book(HEADS), by), by)
        with pytest.raises(PermissionDenied):
            export_summary(template, None, by=reporter())


class TestMapping:
    def test_a_reason_is_asked_for(self, of: Plan, row: Indicator, by: User) -> None:
        template = kept(of, table_book(HEADS), by)
        with pytest.raises(ValidationError, match="理由"):
            map_template(template, by=by, reason=" ", mapped=read_mapping(template.mapping))

    def test_a_choice_that_is_not_there_is_refused(self, of: Plan, row: Indicator, by: User) -> None:
        template = kept(of, named_book(**{f"指标{row.number}_完成值": "B2"}), by)
        (named,) = read_mapping(template.mapping).named
        with pytest.raises(ValidationError, match="不存在的选项"):
            confirmed(template, by, Mapped([replace(named, indicator=999)]))


class TestPages:
    def address(self, template: SummaryTemplate) -> str:
        return f"/{template.plan.code}/summaries/{template.pk}/"

    def test_the_page_shows_what_will_be_written_where(self, of: Plan, row: Indicator, by: User) -> None:
        published(row, "60.5")
        template = kept(of, table_book(HEADS, [1, "工业总产值"]), by)
        shown = text(by, self.address(template))
        assert "附表1!D4" in shown
        assert "605,000" in shown

    def test_a_press_on_the_page_confirms_and_the_export_follows(self, of: Plan, row: Indicator, by: User) -> None:
        published(row, "60.5")
        template = kept(of, named_book(**{f"指标{row.number}_完成值": "B2"}), by)
        sent = {
            "named-0-indicator": row.number,
            "named-0-what": "value",
            "named-0-unit": OWN,
            "reason": "核对",
            "is_active": "on",
        }
        client = client_of(by)
        assert client.post(self.address(template), sent).status_code == 302
        answer = client.get(f"{self.address(template)}export/")
        assert opened_again(b"".join(answer.streaming_content))["B2"].value == 60.5

    def test_the_list_offers_the_export(self, of: Plan, row: Indicator, by: User) -> None:
        confirmed(kept(of, table_book(HEADS), by, "季报"), by)
        assert "导出最新数据" in text(leader(), f"/{of.code}/summaries/")
