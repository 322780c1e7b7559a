"""Where a number comes from."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.recording import recorded
from indicators.models import QuantityKind
from organisations.models import Role
from reports.actions import save_section
from responsibilities.models import Part, Responsibility
from submissions.actions import (
    agree_to_correction,
    approve,
    ask_for_correction,
    return_for_correction,
    submit,
    withdraw,
)
from submissions.models import Figure
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, organisation, person, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.reports import report, written_section
from tests.factories.submissions import evidence_of, published, saved, submitted
from tests.overview.pages import html_for, opened_by, signed_in

pytestmark = pytest.mark.django_db
END_OF_2017 = date(2017, 12, 31)


def trace(row, query: str = "", who=None) -> str:
    return opened_by(who or reviewer(), f"/{row.plan.code}/indicators/{row.number}/trace/{query}")


def approved_after_return(anna):
    """51 is reported, returned for two reasons, corrected to 52 and approved."""
    form = submitted(anna, "51")
    figure = form.figures.get()
    return_for_correction(form, by=reviewer(), round=1, remarks={figure: ["请核实。", "缺少名单。"]})
    saved(figure, "52", by=anna, explanation="已核对。")
    form = submit(form, by=anna)
    approve(form, by=reviewer(), round=2, comment="一致。")
    return figure


class TestTheTrail:
    def test_tells_what_happened_newest_first(self) -> None:
        anna = reporter()
        text = trace(approved_after_return(anna).indicator).split("变更经过")[1]
        steps = ["通过并发布：初步核算数 52", "修改数值", "退回，所报为 51", "首次填报"]
        places = [text.index(step) for step in steps]
        assert places == sorted(places)

    def test_shows_old_and_new_and_every_reason(self) -> None:
        anna = reporter()
        text = trace(approved_after_return(anna).indicator)
        assert "由 51 → 改为 52" in text
        assert "请核实。 缺少名单。" in text
        assert f"{anna.name}·{anna.organisation.name}" in text

    def test_a_correction_stands_beside_what_was_published_first(self) -> None:
        anna = reporter()
        figure = approved_after_return(anna)
        form = figure.submission
        form.refresh_from_db()
        correction = ask_for_correction(form, by=anna, whole=True, reason="年报已定案。")
        agree_to_correction(correction, by=reviewer())
        saved(figure, "53", by=anna, explanation="已核对。")
        assert "现在生效的已发布值 52" in trace(figure.indicator)
        form.refresh_from_db()
        approve(submit(form, by=anna), by=reviewer(), round=3)
        text = trace(figure.indicator)
        assert "现在生效的已发布值 53" in text
        assert "修订数 53" in text
        assert "初步核算数 52" in text
        assert "理由：年报已定案。" in text

    def test_folds_saves_that_follow_each_other(self) -> None:
        anna = reporter()
        form = submitted(anna, "51")
        figure = form.figures.get()
        return_for_correction(form, by=reviewer(), round=1, remarks={figure: ["请核实。"]})
        for value in ("52", "53", "54"):
            saved(figure, value, by=anna)
        assert "此前还有 2 次保存" in trace(figure.indicator)

    def test_tells_of_a_row_that_was_written_another_way(self) -> None:
        anna = reporter()
        figure = submitted(anna, "51").figures.get()
        withdraw(figure.submission, by=anna, reason="补充")
        with recorded(by=None, reason="手工修复"), connection.cursor() as cursor:
            cursor.execute("UPDATE submissions_figure SET value = 99, value_printed = '99' WHERE id = %s", [figure.pk])
        text = trace(figure.indicator)
        assert "数据行改动" in text
        assert "手工修复" in text

    def test_lists_evidence(self) -> None:
        anna = reporter()
        figure = approved_after_return(anna)
        evidence_of(figure, by=anna)
        assert "名单.pdf" in trace(figure.indicator)


class TestWhoSeesWhat:
    @pytest.mark.parametrize("who", [leader, reporter, lambda: person(Role.HEAD)])
    def test_others_see_nothing_unpublished(self, who) -> None:
        anna = reporter()
        form = submitted(anna, "77.125")
        figure = form.figures.get()
        return_for_correction(form, by=reviewer(), round=1, remarks={figure: ["请核实小数。"]})
        text = trace(figure.indicator, who=who())
        assert "还没有已发布值" in text
        assert "77.125" not in text
        assert "请核实小数" not in text

    @pytest.mark.parametrize("who", [reviewer, auditor])
    def test_reviewers_and_auditors_see_drafts(self, who) -> None:
        figure = submitted(reporter(), "77.125").figures.get()
        text = trace(figure.indicator, who=who())
        assert "未发布的数据" in text
        assert "77.125" in text

    def test_the_organisation_sees_its_own_drafts(self) -> None:
        anna = reporter()
        figure = submitted(anna, "77.125").figures.get()
        assert "77.125" in trace(figure.indicator, who=reporter(at=anna.organisation))

    def test_a_street_does_not_see_another_streets_draft(self) -> None:
        anna, bela = reporter(), reporter()
        form = submitted(anna, "77.125")
        row = form.figures.get().indicator
        published(row, "5", by=bela.organisation)
        text = trace(row, f"?organisation={anna.organisation.code}", who=bela)
        assert "77.125" not in text

    def test_only_publications_are_told_to_a_leader(self) -> None:
        figure = approved_after_return(reporter())
        text = trace(figure.indicator, who=leader())
        assert "通过并发布" in text
        assert not re.search(r"(?<![\w:])51(?!\d)", text)  # as a number of its own: codes and keys hold digits too
        assert "请核实" not in text


class TestTheNumber:
    def test_keeps_the_two_growths_apart(self) -> None:
        row = indicator(kind=QuantityKind.YEAR_TO_DATE, unit="亿元")
        lead = organisation()
        published(row, "2198.28", as_of=date(2016, 12, 31), by=lead)
        published(row, "2162.72", as_of=END_OF_2017, by=lead, reported_growth=Decimal("1.7"), growth_source="统计局")
        text = trace(row)
        assert "可比价增速 +1.7%（统计局）；按数值计算 −1.6%" in text
        assert "名义与实际增速差异 −3.3 个百分点" in text

    def test_looks_at_what_stood_on_a_day(self) -> None:
        row, lead = indicator(), organisation()
        published(row, "20", as_of=END_OF_2017, by=lead)
        published(row, "30", as_of=date(2018, 12, 31), by=lead)
        assert "现在生效的已发布值 30" in trace(row)
        assert "截至 2018年6月30日 的已发布值 20" in trace(row, "?until=2018-06-30")

    def test_gives_the_chart_its_numbers_as_text(self) -> None:
        row, lead = indicator(), organisation()
        published(row, "20.10", as_of=END_OF_2017, by=lead)
        html = html_for(reviewer(), f"/{row.plan.code}/indicators/{row.number}/trace/")
        assert '["2017-12-31", "20.10' in html

    def test_draws_no_half_of_a_year_beside_full_ones(self) -> None:
        row, lead = indicator(kind=QuantityKind.YEAR_TO_DATE), organisation()
        published(row, "20", as_of=END_OF_2017, by=lead)
        published(row, "11.5", as_of=date(2018, 6, 30), by=lead)
        html = html_for(reviewer(), f"/{row.plan.code}/indicators/{row.number}/trace/")
        assert '["2017-12-31", "20' in html
        assert '["2018-06-30"' not in html
        assert "11.5" in trace(row)

    def test_says_where_the_report_prints_it(self) -> None:
        row = indicator()
        case(of=row.plan)
        published(row, "20", as_of=END_OF_2017)
        assert "表1 第 1 行" in trace(row).replace("　", " ")
        assert "用在报告的哪里" not in trace(row, who=reporter())

    def test_says_whether_the_report_agrees_with_what_is_published(self) -> None:
        row, lead = indicator(), organisation()
        evaluation = report(of=row.plan)
        published(row, "20", as_of=END_OF_2017, by=lead)
        text = trace(row).replace("　", " ")
        assert "第二部分 表1 第 1 行 20 一致" in text
        published(row, "30", as_of=date(2018, 12, 31), by=lead)
        assert f"附表 第 {row.number} 行 20 一致，2017年12月31日" in trace(row).replace("　", " ")
        assert f'#section-{evaluation.sections.get(tables=["appendix"]).position}"' in html_for(
            reviewer(), f"/{row.plan.code}/indicators/{row.number}/trace/"
        )

    def test_compares_what_people_wrote_about_it(self) -> None:
        row, by = indicator(name="港口吞吐量"), reviewer()
        section = written_section(report(of=row.plan))
        published(row, "1234.5", as_of=END_OF_2017)
        saved = save_section(section, by=by, body="港口吞吐量达1234.5。", revision=0)
        assert f"{section.title} 正文 1234.5 一致" in trace(row).replace("　", " ")
        save_section(section, by=by, body="港口吞吐量达1234.56。", revision=saved.revision)
        assert "未引用已发布值，请核对" in trace(row)

    def test_a_streets_part_is_not_in_the_report(self) -> None:
        row, street = indicator(lead=organisation()), organisation(name="某街道")
        report(of=row.plan)
        published(row, "20", as_of=END_OF_2017)
        with recorded(by=None, reason="测试"):
            Responsibility.objects.create(plan=row.plan, organisation=street, part=Part.SUPPORT, indicator=row)
        published(row, "7", as_of=END_OF_2017, by=street)
        assert "用在报告的哪里" not in trace(row, f"?organisation={street.code}")

    def test_a_streets_part_has_its_own_trace(self) -> None:
        row, street = indicator(lead=organisation()), organisation(name="某街道")
        published(row, "20", as_of=END_OF_2017)
        with recorded(by=None, reason="测试"):
            Responsibility.objects.create(plan=row.plan, organisation=street, part=Part.SUPPORT, indicator=row)
        published(row, "7", as_of=END_OF_2017, by=street)
        assert "现在生效的已发布值 20" in trace(row)
        assert "某街道" in trace(row)
        assert "现在生效的已发布值 7" in trace(row, f"?organisation={street.code}")

    def test_an_indicator_that_nobody_reports_has_a_page_too(self) -> None:
        assert "还没有已发布值" in trace(indicator())

    def test_an_indicator_of_another_plan_is_not_there(self) -> None:
        row = indicator()
        opened_by(reviewer(), f"/{plan().code}/indicators/{row.number}/trace/", status=404)


class TestItsQuestions:
    def asked(self, row) -> int:
        client, url = signed_in(auditor()), f"/{row.plan.code}/indicators/{row.number}/trace/"
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    def test_are_few_and_no_more_however_much_happened(self) -> None:
        anna = reporter()
        figure = approved_after_return(anna)
        row = figure.indicator
        report(of=row.plan)
        evidence_of(figure, by=anna)
        published(row, "5", as_of=date(2014, 12, 31), by=anna.organisation)
        before = self.asked(row)
        assert before <= 20
        for year in range(2015, 2019):
            value = published(row, "5", as_of=date(year, 12, 31), by=anna.organisation)
            evidence_of(value.figure, by=anna)
            published(indicator(of=row.plan), "7", as_of=date(year, 12, 31))
        assert Figure.objects.filter(indicator=row).count() == 6
        assert self.asked(row) == before

    def test_are_few_where_drafts_are_shown_and_noted(self) -> None:
        form = submitted(reporter(), "51")
        row = form.figures.get().indicator
        report(of=row.plan)
        assert self.asked(row) <= 20
