"""A report is laid out once, from the plan, and its sections are written by people."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.recording import entries_of, recorded
from evaluation.models import EvaluationKind
from indicators.models import IndicatorCategory, QuantityKind
from projects.models import MajorProject
from reports.actions import BODY_LIMIT, SectionChanged, prepare_report, save_section
from reports.conditions import every_section_is_written
from reports.models import Section
from tasks.models import TaskChapter
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, reporter, reviewer, system_administrator
from tests.factories.plans import plan
from tests.factories.reports import report, written_section

pytestmark = pytest.mark.django_db


def titles(evaluation: object) -> list[str]:
    return list(Section.objects.filter(evaluation=evaluation).values_list("title", flat=True))


def body_of(evaluation: object, words: str) -> str:
    return Section.objects.get(evaluation=evaluation, title__contains=words).body


class TestPrepare:
    def test_the_report_has_six_parts_and_an_appendix(self) -> None:
        heads = Section.objects.filter(evaluation=report(), level=1).values_list("title", flat=True)
        assert [head.split("　")[0] for head in heads] == [
            *(f"第{numeral}部分" for numeral in "一二三四五六"),
            "附表",
        ]

    def test_each_category_chapter_and_project_has_a_section(self) -> None:
        of = plan()
        indicator(of=of)
        with recorded(by=None, reason="测试"):
            TaskChapter.objects.create(plan=of, number=1, title="第一章")
            MajorProject.objects.create(plan=of, number=1, name="项目甲")
        found = titles(report(of=of))
        assert {"一、类别", "一、第一章", "一、项目甲"} <= set(found)

    def test_they_stand_in_the_order_of_their_numbers(self) -> None:
        of = plan()
        with recorded(by=None, reason="测试"):
            for number in (3, 1, 2):
                IndicatorCategory.objects.create(plan=of, number=number, title=f"类{number}")
        assert [title for title in titles(report(of=of)) if "类" in title] == ["一、类1", "二、类2", "三、类3"]

    def test_a_part_without_tasks_or_projects_says_so_and_asks_nobody_to_write(self) -> None:
        evaluation = report()
        assert body_of(evaluation, "第三部分") == f"《{evaluation.plan.name}》未设重点任务，本部分无评估内容。"
        assert body_of(evaluation, "第四部分") == f"《{evaluation.plan.name}》未列重大项目，本部分无评估内容。"
        assert not Section.objects.get(evaluation=evaluation, title__contains="第三部分").is_placeholder

    def test_the_annual_table_is_promised_only_where_there_are_annual_totals(self) -> None:
        without, with_totals = plan(), plan()
        indicator(of=with_totals, kind=QuantityKind.ANNUAL)
        assert "见下表" not in body_of(report(of=without), "主要问题")
        assert "见下表" in body_of(report(of=with_totals), "主要问题")

    def test_a_final_evaluation_is_not_called_a_mid_term_one(self) -> None:
        evaluation = report(kind=EvaluationKind.FINAL)
        everything = "".join(titles(evaluation)) + "".join(evaluation.sections.values_list("body", flat=True))
        assert "中期" not in everything

    def test_it_is_laid_out_once(self) -> None:
        evaluation = report()
        with pytest.raises(ValidationError, match="已经建立"):
            prepare_report(evaluation, by=reviewer())
        assert len(titles(evaluation)) == len(set(evaluation.sections.values_list("position", flat=True)))

    @pytest.mark.parametrize("who", [reporter, leader, auditor, system_administrator])
    def test_others_may_not(self, who: type) -> None:
        with pytest.raises(PermissionDenied):
            prepare_report(case(), by=who())


class TestSave:
    def test_the_placeholder_becomes_a_text_of_somebody(self) -> None:
        by = reviewer()
        saved = save_section(written_section(report()), by=by, body="第一段。\r\n第二段。 ", revision=0)
        assert (saved.body, saved.is_placeholder, saved.revision, saved.saved_by) == (
            "第一段。\n第二段。",
            False,
            1,
            by,
        )
        assert entries_of(saved).get().event == "section.save"

    def test_a_save_on_an_older_revision_overwrites_nothing(self) -> None:
        section = written_section(report())
        save_section(section, by=reviewer(name="审核人乙"), body="先到的", revision=0)
        with pytest.raises(SectionChanged, match="审核人乙已先保存"):
            save_section(section, by=reviewer(), body="后到的", revision=0)
        section.refresh_from_db()
        assert section.body == "先到的"

    def test_the_same_text_again_is_no_change(self) -> None:
        section = written_section(report())
        for _ in range(2):
            section = save_section(section, by=reviewer(), body="文字", revision=section.revision)
        assert (section.revision, entries_of(section).count()) == (1, 1)

    def test_a_text_that_still_asks_to_be_written_stays_unwritten(self) -> None:
        section = written_section(report())
        unchanged = save_section(section, by=reviewer(), body=section.body, revision=0)
        assert (unchanged.is_placeholder, unchanged.revision) == (True, 0)
        assert save_section(section, by=reviewer(), body=f"{section.body}完。", revision=0).is_placeholder

    def test_an_emptied_section_is_unwritten_again(self) -> None:
        section = save_section(written_section(report()), by=reviewer(), body="文字", revision=0)
        assert save_section(section, by=reviewer(), body=" \n", revision=1).is_placeholder

    @pytest.mark.parametrize(("body", "why"), [("字" * (BODY_LIMIT + 1), "文字过长"), ("甲\x00乙", "控制字符")])
    def test_what_no_document_holds_is_refused(self, body: str, why: str) -> None:
        with pytest.raises(ValidationError, match=why):
            save_section(written_section(report()), by=reviewer(), body=body, revision=0)

    def test_a_section_of_tables_is_not_typed_over(self) -> None:
        table = Section.objects.get(evaluation=report(), tables=["appendix"])
        with pytest.raises(ValidationError, match="只有表格"):
            save_section(table, by=reviewer(), body="文字", revision=0)

    @pytest.mark.parametrize("who", [reporter, leader, auditor, system_administrator])
    def test_others_may_not(self, who: type) -> None:
        with pytest.raises(PermissionDenied):
            save_section(written_section(report()), by=who(), body="文字", revision=0)


class TestCondition:
    def test_a_report_that_does_not_stand_is_missing_itself(self) -> None:
        assert [row.label for row in every_section_is_written(case()).missing] == ["报告框架"]

    def test_each_section_that_nobody_wrote_is_named_with_its_page(self) -> None:
        evaluation = report()
        first, *others = [
            each for each in evaluation.sections.all() if each.is_written_by_people and each.is_placeholder
        ]
        save_section(first, by=reviewer(), body="文字", revision=0)
        found = every_section_is_written(evaluation)
        assert [row.label for row in found.missing] == [each.title for each in others]
        assert [row.url.partition("#")[2] for row in found.missing] == [f"section-{each.position}" for each in others]

    def test_it_is_met_when_all_are_written(self) -> None:
        evaluation = report()
        for section in evaluation.sections.filter(is_placeholder=True):
            save_section(section, by=reviewer(), body="文字", revision=0)
        assert every_section_is_written(evaluation).is_met
