"""The Word file, read back with python-docx: an official document's layout."""

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml.ns import qn

from audit.recording import entries_of
from evaluation.models import Evaluation
from reports.actions import export_report, save_section
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, organisation, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.reports import report, written_section
from tests.factories.submissions import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    of = plan(name="某规划")
    for number in range(1, 4):
        row = indicator(of=of, lead=organisation(), number=number, kind="annual", target=Decimal(14000))
        published(row, "11304.35", as_of=date(2017, 12, 31), explanation="长说明。" * 50)
    return report(of=of, cut_off=date(2018, 6, 30))


def document_of(evaluation: Evaluation) -> DocumentObject:
    return Document(io.BytesIO(export_report(evaluation, by=None)))


def fonts_of(element: object) -> dict[str, str]:
    fonts = element.find(f".//{qn('w:rFonts')}")
    return {name: fonts.get(qn(f"w:{name}")) for name in ("ascii", "hAnsi", "eastAsia")}


class TestLayout:
    @pytest.mark.parametrize(
        ("style", "font", "size"),
        [
            ("Title", "方正小标宋简体", 22),
            ("Heading 1", "黑体", 18),
            ("Heading 2", "黑体", 16),
            ("Heading 3", "楷体_GB2312", 16),
            ("Heading 4", "仿宋_GB2312", 16),
            ("Normal", "仿宋_GB2312", 16),
        ],
    )
    def test_each_level_has_its_font_for_chinese_and_digits(
        self, evaluation: Evaluation, style: str, font: str, size: int
    ) -> None:
        found = document_of(evaluation).styles[style]
        assert set(fonts_of(found.element).values()) == {font}
        assert found.font.size.pt == size

    def test_the_page_is_upright_a4_with_the_margins_of_an_official_document(self, evaluation: Evaluation) -> None:
        section = document_of(evaluation).sections[0]
        lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin)
        assert [round(length.mm) for length in lengths] == [210, 297, 37, 28]

    def test_pages_are_numbered_between_dashes_from_the_first_part_on(self, evaluation: Evaluation) -> None:
        front, _, body, *_ = document_of(evaluation).sections
        assert front.footer.paragraphs[0].text == ""
        for footer in (body.footer, body.even_page_footer):
            assert re.sub(r"\s+", " ", footer.paragraphs[0].text) == "— 1 —"
            assert "PAGE" in "".join(footer._element.itertext())
        assert body._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"

    def test_the_title_page_names_plan_cut_off_and_day(self, evaluation: Evaluation) -> None:
        lines = [paragraph.text for paragraph in document_of(evaluation).paragraphs if paragraph.text][:2]
        assert lines == ["某规划实施中期评估报告", "（数据截至2018年6月30日）"]


class TestContents:
    def test_they_are_a_field_that_word_works_out(self, evaluation: Evaluation) -> None:
        body = document_of(evaluation).element.body
        codes = [code.text.strip() for code in body.iter(qn("w:instrText"))]
        assert codes[0].startswith('TOC \\o "1-2"')
        marks = [mark.get(qn("w:fldCharType")) for mark in body.iter(qn("w:fldChar"))]
        assert marks.count("begin") == marks.count("separate") == marks.count("end") == len(codes)

    def test_they_are_worked_out_when_the_file_is_opened_and_say_no_wrong_page_before(
        self, evaluation: Evaluation
    ) -> None:
        document = document_of(evaluation)
        first = next(document.element.body.iter(qn("w:fldChar")))
        assert first.get(qn("w:dirty")) == "true"
        assert document.settings.element.find(qn("w:updateFields")).get(qn("w:val")) == "true"
        entries = [each.text for each in document.paragraphs if each.style.name.startswith("toc ")]
        assert entries
        assert not any(entry.rstrip()[-1].isdigit() for entry in entries)

    def test_each_entry_leads_to_its_heading(self, evaluation: Evaluation) -> None:
        document = document_of(evaluation)
        links = [link.get(qn("w:anchor")) for link in document.element.body.iter(qn("w:hyperlink"))]
        marked = [mark.get(qn("w:name")) for mark in document.element.body.iter(qn("w:bookmarkStart"))]
        assert links == marked
        entries = [p.text.strip() for p in document.paragraphs if p.style.name.startswith("toc ")]
        assert entries == list(evaluation.sections.values_list("title", flat=True))


class TestTables:
    def test_each_is_a_full_grid_with_a_repeated_head_and_whole_rows(self, evaluation: Evaluation) -> None:
        tables = document_of(evaluation).tables
        assert len(tables) == 3  # the category's, the annual one, the appendix
        for table in tables:
            assert table.style.name == "Table Grid"
            properties = [row._tr.trPr for row in table.rows]
            assert [p.find(qn("w:tblHeader")) is not None for p in properties].count(True) == 1
            assert properties[0].find(qn("w:tblHeader")) is not None
            assert all(p.find(qn("w:cantSplit")) is not None for p in properties)

    def test_they_are_as_wide_as_the_text(self, evaluation: Evaluation) -> None:
        for table, width in zip(document_of(evaluation).tables, (156, 156, 247), strict=True):
            assert abs(sum(cell.width.mm for cell in table.rows[0].cells) - width) < 1

    def test_no_number_has_separators_and_nothing_is_called_none(self, evaluation: Evaluation) -> None:
        document = document_of(evaluation)
        texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        texts += [paragraph.text for paragraph in document.paragraphs]
        assert not [text for text in texts if re.search(r"\d[,，]\d{3}|None", text)]
        assert any(text.startswith("11304.35") for text in texts)

    def test_the_appendix_stands_across(self, evaluation: Evaluation) -> None:
        section = document_of(evaluation).sections[-1]
        assert section.page_width > section.page_height

    def test_a_plan_without_tasks_totals_and_indicators_exports_without_empty_tables(self) -> None:
        document = document_of(report(on=case()))
        assert document.tables == []
        assert "未设重点任务" in "".join(paragraph.text for paragraph in document.paragraphs)


class TestText:
    def test_a_placeholder_is_marked_and_a_text_is_not(self, evaluation: Evaluation) -> None:
        first = written_section(evaluation)
        save_section(first, by=reviewer(), body="写好的一段。", revision=0)
        lines = [paragraph.text for paragraph in document_of(evaluation).paragraphs]
        assert "写好的一段。" in lines
        assert [line for line in lines if line.startswith("【待撰写】")]

    def test_a_paragraph_of_the_second_level_begins_in_kai(self, evaluation: Evaluation) -> None:
        save_section(written_section(evaluation), by=reviewer(), body="（一）精心组织。成立小组。", revision=0)
        (paragraph,) = [p for p in document_of(evaluation).paragraphs if p.text.startswith("（一）")]
        assert [(run.text, run.font.name) for run in paragraph.runs] == [
            ("（一）精心组织。", "楷体_GB2312"),
            ("成立小组。", "仿宋_GB2312"),
        ]


class TestExport:
    def test_it_is_recorded_with_the_person(self, evaluation: Evaluation) -> None:
        by = auditor()
        export_report(evaluation, by=by)
        entry = entries_of(evaluation).first()
        assert entry is not None
        assert (entry.event, entry.change.actor) == ("report.export", by)

    def test_a_reporter_may_not(self, evaluation: Evaluation) -> None:
        with pytest.raises(PermissionDenied):
            export_report(evaluation, by=reporter())

    def test_a_report_that_does_not_stand_is_not_exported(self) -> None:
        with pytest.raises(ValidationError, match="还没有建立"):
            export_report(case(), by=reviewer())


class TestCommand:
    def test_it_writes_the_file(self, evaluation: Evaluation, tmp_path: Path) -> None:
        call_command("export_report", evaluation.code, "--to", str(tmp_path / "报告.docx"))
        assert Document(tmp_path / "报告.docx").core_properties.title == "某规划实施中期评估报告"

    def test_an_unknown_case_is_told_with_the_known_ones(self, evaluation: Evaluation, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match=evaluation.code):
            call_command("export_report", "nothing", "--to", str(tmp_path / "x.docx"))

    def test_a_folder_that_is_not_there_is_told_in_words(self, evaluation: Evaluation, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="写不了文件"):
            call_command("export_report", evaluation.code, "--to", str(tmp_path / "none" / "x.docx"))


def test_a_small_plan_of_falling_and_binding_indicators_exports_whole() -> None:
    of = plan(name="某小规划", base_year=2015, first_year=2016, last_year=2020)
    by = organisation()
    fields = {"direction": "falling", "attribute": "binding", "kind": "ratio", "unit": "%"}
    row = indicator(of=of, lead=by, name="能耗强度", base=Decimal("40.5"), target=Decimal(30), **fields)
    indicator(of=of, lead=by, name="排放上限", base=None, target=Decimal(9), target_form="at_most")
    indicator(of=of, lead=by, name="是否建成", base=None, target=None, target_form="yes_no")
    published(row, "36.2")
    document = document_of(report(of=of, cut_off=date(2018, 6, 30)))
    assert len(document.tables) == 2  # its one category and the appendix; no year's totals
    texts = [cell.text for table in document.tables for line in table.rows for cell in line.cells]
    assert {"约束性", "36.2%", "40.5", "≤9", "完成", "暂无已发布值"} <= set(texts)
    assert not [text for text in [*texts, *(p.text for p in document.paragraphs)] if "None" in text]
    assert all(len(table.rows) > 1 for table in document.tables)
