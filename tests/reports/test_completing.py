"""A report that was laid out before its plan got more to report on is completed, and what is written stays."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit.recording import entries_of, recorded
from evaluation.models import Evaluation
from indicators.models import IndicatorCategory, QuantityKind
from plans.models import Plan
from projects.models import MajorProject
from reports.actions import complete_report, save_section
from reports.conditions import every_section_is_written
from reports.models import Section
from tasks.models import TaskChapter
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.reports import report
from tests.overview.pages import opened_by, signed_in

pytestmark = pytest.mark.django_db


def category(of: Plan, number: int, title: str) -> None:
    with recorded(by=None, reason="测试"):
        indicator(of=of, category=IndicatorCategory.objects.create(plan=of, number=number, title=title))


def project(of: Plan, number: int, name: str) -> None:
    with recorded(by=None, reason="测试"):
        MajorProject.objects.create(plan=of, number=number, name=name)


def chapter(of: Plan, number: int, title: str) -> None:
    with recorded(by=None, reason="测试"):
        TaskChapter.objects.create(plan=of, number=number, title=title)


@pytest.fixture
def evaluation() -> Evaluation:
    of = plan()
    category(of, 1, "规模")
    category(of, 3, "结构")
    return report(of=of)


def titles(evaluation: Evaluation) -> list[str]:
    return list(Section.objects.filter(evaluation=evaluation).order_by("position").values_list("title", flat=True))


def section(evaluation: Evaluation, words: str) -> Section:
    return Section.objects.get(evaluation=evaluation, title__contains=words)


class TestComplete:
    def test_adds_what_is_missing_where_it_belongs(self, evaluation: Evaluation) -> None:
        category(evaluation.plan, 2, "创新")
        project(evaluation.plan, 1, "港口工程")
        added = complete_report(evaluation, by=reviewer())
        assert [each.title for each in added] == ["二、创新", "一、港口工程"]
        found = titles(evaluation)
        at = found.index("二、创新")
        assert found[at - 1 : at + 2] == ["一、规模", "二、创新", "三、结构"]
        assert found[found.index("一、港口工程") - 1].startswith("第四部分")
        assert list(evaluation.sections.order_by("position").values_list("position", flat=True)) == list(
            range(1, len(found) + 1)
        )

    def test_keeps_what_is_written_with_its_table(self, evaluation: Evaluation) -> None:
        written = save_section(section(evaluation, "结构"), by=reviewer(), body="写好的文字", revision=0)
        category(evaluation.plan, 2, "创新")
        complete_report(evaluation, by=reviewer())
        after = Section.objects.get(pk=written.pk)
        assert (after.title, after.body, after.revision, after.tables) == (
            "三、结构",
            "写好的文字",
            1,
            ["category:3"],
        )

    def test_a_part_that_had_nothing_to_say_asks_for_text_now(self, evaluation: Evaluation) -> None:
        assert not section(evaluation, "第三部分").is_placeholder
        chapter(evaluation.plan, 1, "补短板")
        complete_report(evaluation, by=reviewer())
        assert section(evaluation, "第三部分").is_placeholder
        assert "一、补短板" in titles(evaluation)

    def test_a_written_section_gets_the_table_that_it_has_come_to_need(self, evaluation: Evaluation) -> None:
        save_section(section(evaluation, "主要问题"), by=reviewer(), body="写好的文字", revision=0)
        indicator(of=evaluation.plan, kind=QuantityKind.ANNUAL)
        complete_report(evaluation, by=reviewer())
        found = section(evaluation, "主要问题")
        assert (found.tables, found.body) == (["annual"], "写好的文字")

    def test_is_on_record_with_the_titles(self, evaluation: Evaluation) -> None:
        category(evaluation.plan, 2, "创新")
        complete_report(evaluation, by=reviewer())
        assert entries_of(evaluation).get(event="report.complete").detail["added"] == ["二、创新"]

    def test_a_complete_one_is_left_alone(self, evaluation: Evaluation) -> None:
        before = titles(evaluation)
        with pytest.raises(ValidationError, match="已经齐全"):
            complete_report(evaluation, by=reviewer())
        assert titles(evaluation) == before

    def test_pressed_twice_it_adds_once(self, evaluation: Evaluation) -> None:
        category(evaluation.plan, 2, "创新")
        complete_report(evaluation, by=reviewer())
        with pytest.raises(ValidationError, match="已经齐全"):
            complete_report(evaluation, by=reviewer())
        assert titles(evaluation).count("二、创新") == 1

    def test_one_that_does_not_stand_is_laid_out_first(self) -> None:
        with pytest.raises(ValidationError, match="还没有建立"):
            complete_report(case(), by=reviewer())

    @pytest.mark.parametrize("who", [reporter, leader, auditor])
    def test_others_may_not(self, evaluation: Evaluation, who: type) -> None:
        category(evaluation.plan, 2, "创新")
        with pytest.raises(PermissionDenied):
            complete_report(evaluation, by=who())


class TestThePage:
    def address(self, evaluation: Evaluation, name: str = "report", *more: object) -> str:
        return reverse(f"reports:{name}", args=[evaluation.plan.code, evaluation.code, *more])

    def test_says_what_is_missing_and_offers_to_add_it(self, evaluation: Evaluation) -> None:
        assert "章节不齐" not in opened_by(reviewer(), self.address(evaluation))
        category(evaluation.plan, 2, "创新")
        text = opened_by(reviewer(), self.address(evaluation))
        assert "缺 1 节：“二、创新”" in text
        assert "补齐 1 个章节" in text

    def test_offers_it_to_those_who_write_only(self, evaluation: Evaluation) -> None:
        category(evaluation.plan, 2, "创新")
        assert "补齐" not in opened_by(leader(), self.address(evaluation))

    def test_the_button_adds_them(self, evaluation: Evaluation) -> None:
        category(evaluation.plan, 2, "创新")
        client = signed_in(reviewer())
        answer = client.post(self.address(evaluation, "complete"), follow=True)
        assert "已补齐 1 节：“二、创新”" in answer.content.decode()

    def test_a_section_that_moved_while_it_was_written_is_saved_as_itself(self, evaluation: Evaluation) -> None:
        opened = section(evaluation, "结构")
        category(evaluation.plan, 2, "创新")
        complete_report(evaluation, by=reviewer())
        sent = {"section": opened.pk, "revision": 0, "body": "写好的文字"}
        signed_in(reviewer()).post(self.address(evaluation, "section", opened.position), sent)
        assert section(evaluation, "结构").body == "写好的文字"
        assert section(evaluation, "创新").is_placeholder


class TestTheCondition:
    def test_names_the_sections_that_are_missing(self, evaluation: Evaluation) -> None:
        category(evaluation.plan, 2, "创新")
        found = every_section_is_written(evaluation)
        assert "另缺 1 节" in found.summary
        assert (found.missing[0].label, found.missing[0].state) == ("二、创新", "尚未建立")
