"""The leader's page: every indicator on a day."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from audit.models import Entry
from audit.recording import recorded
from evaluation.actions import decide_assessment
from evaluation.models import Verdict
from indicators.models import IndicatorCategory, MissingBase, QuantityKind
from organisations.models import Provenance, Role
from overview.queries import board as questions
from projects.models import MajorProject
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, person, reporter, reviewer
from tests.factories.plans import plan
from tests.factories.security import records
from tests.factories.submissions import published, submitted
from tests.overview.pages import html_for, opened_by, signed_in

pytestmark = pytest.mark.django_db
END_OF_2017 = date(2017, 12, 31)


def board(of, query: str = "", who=None) -> str:
    return opened_by(who or leader(), f"/{of.code}/overview/{query}")


def behind(of, value: str = "2", **fields):
    row = indicator(of=of, **fields)
    published(row, value, as_of=END_OF_2017)
    return row


class TestTheOverview:
    def test_says_first_how_many_lag(self) -> None:
        of = plan()
        case(of=of)
        behind(of, "2")
        behind(of, "30")
        behind(of, "90")
        assert "3 项指标中 2 项滞后，其中 1 项严重滞后" in board(of)

    def test_says_the_value_its_date_and_both_judgements(self) -> None:
        of = plan()
        case(of=of)
        behind(of, "1234.5", base=Decimal(1000), target=Decimal(2000), base_printed="1000", target_printed="2000")
        text = board(of)
        assert "1,000 2,000 1,234.5 2017年12月31日 23.5% 40%" in text.replace("　", " ")
        assert "滞后 预计难完成" in text

    def test_keeps_what_was_printed(self) -> None:
        of = plan()
        row = indicator(
            of=of, base=None, base_printed="——", base_missing=MissingBase.NOT_OBTAINED, target_printed="＞60"
        )
        published(row, "51", value_printed="47＋1＋3", as_of=END_OF_2017)
        text = board(of, "?until=2018-06-30")
        assert "—— ＞60 47＋1＋3" in text

    def test_never_says_a_negative_progress(self) -> None:
        of = plan()
        behind(of, "90", base=Decimal(100), target=Decimal(110))
        assert "低于基期 10.0%" in board(of, "?until=2018-06-30")
        assert "−100" not in board(of, "?until=2018-06-30")

    def test_an_indicator_that_is_no_longer_counted_has_no_bar(self) -> None:
        of = plan()
        indicator(of=of, is_counted=False, dropped_reason="不再统计。")
        assert "不再纳入统计" in board(of)
        assert 'class="gauge' not in html_for(leader(), f"/{of.code}/overview/")

    def test_draws_the_bar_and_the_tick_on_the_server(self) -> None:
        of = plan()
        behind(of, "20")
        html = html_for(leader(), f"/{of.code}/overview/?until=2018-06-30")
        assert 'width="20.0"' in html
        assert 'x="39.5"' in html
        assert 'class="spark"' in html

    def test_filters_by_a_verdict_kept_in_the_address(self) -> None:
        of = plan()
        behind(of, "2", name="落后指标")
        behind(of, "90", name="领先指标")
        text = board(of, "?until=2018-06-30&verdict=badly_lagging")
        assert "落后指标" in text
        assert "领先指标" not in text
        assert "1 项指标（共 2 项）" in text

    def test_looks_at_another_day(self) -> None:
        of = plan()
        row = behind(of, "20")
        published(row, "77", as_of=date(2018, 12, 31))
        assert " 77 " not in board(of, "?until=2018-06-30")
        assert " 77 " in board(of, "?until=2019-01-01")

    def test_a_day_that_is_none_is_passed_over(self) -> None:
        assert "总览" in board(plan(), "?until=2018-02-31&verdict=x&category=y")

    def test_links_every_value_to_its_origin_on_the_same_day(self) -> None:
        of = plan()
        row = behind(of)
        html = html_for(leader(), f"/{of.code}/overview/?until=2018-06-30")
        assert f'href="/{of.code}/indicators/{row.number}/trace/?until=2018-06-30"' in html

    def test_marks_what_is_assumed(self) -> None:
        of = plan()
        row = indicator(of=of)
        published(row, "20", as_of=END_OF_2017, provenance=Provenance.ASSUMED)
        assert "20 假定" in board(of, "?until=2018-06-30")

    def test_counts_what_people_decided(self) -> None:
        of, boss = plan(), leader()
        evaluation, row = case(of=of), behind(of)
        decide_assessment(evaluation, row, by=boss, reason="口径不同", verdict=Verdict.FASTER)
        assert "人工改判 1 项" in board(of)

    def test_an_annual_flow_is_judged_by_its_last_full_year(self) -> None:
        of = plan()
        row = indicator(of=of, kind=QuantityKind.YEAR_TO_DATE)
        published(row, "20", as_of=END_OF_2017)
        published(row, "11", as_of=date(2018, 6, 30))
        assert "20 2017年12月31日" in board(of, "?until=2018-12-30")

    def test_says_what_to_do_about_what_lags(self) -> None:
        of = plan()
        row = indicator(of=of, lead=reporter().organisation)
        published(row, "2", as_of=END_OF_2017)
        lead = row.responsibilities.get().organisation.name
        assert f"{lead}补充原因和对策" in board(of, "?until=2018-06-30")

    def test_without_a_published_value_says_what_is_under_way(self) -> None:
        anna = reporter()
        form = submitted(anna, "77.125")
        text = board(form.period.plan)
        assert "暂无已发布值" in text
        assert "有 1 张填报表正在填报或审核" in text

    def test_without_an_indicator_says_so(self) -> None:
        assert "规划中还没有指标" in board(plan())

    @pytest.mark.parametrize("who", [leader, reporter, reviewer])
    def test_shows_no_value_that_is_not_published(self, who) -> None:
        form = submitted(reporter(), "77.125")
        assert "77.125" not in board(form.period.plan, who=who())

    def test_asks_few_questions_however_many_indicators(self, django_assert_max_num_queries) -> None:
        of = plan()
        case(of=of)
        for _ in range(12):
            behind(of, lead=reporter().organisation)
        client = signed_in(leader())
        client.get(f"/{of.code}/overview/")
        with django_assert_max_num_queries(25):
            client.get(f"/{of.code}/overview/")


def project_of(of, name: str = "港口工程") -> MajorProject:
    with recorded(by=None, reason="测试"):
        return MajorProject.objects.create(plan=of, number=1, name=name)


class TestQuantitiesOfTasksAndProjects:
    def test_stand_under_their_project_folded_and_apart_from_the_indicators(self) -> None:
        of = plan()
        behind(of, "90")
        behind(of, "2", name="完成投资", project=project_of(of))
        text = board(of, "?until=2018-06-30")
        assert "1 项指标中没有滞后的" in text
        assert "重点任务与重大项目的量化指标 1 项 滞后 1 项" in text
        assert "重大项目：港口工程 1 项" in text
        assert '<details class="panel fold quantities">' in html_for(
            leader(), f"/{of.code}/overview/?until=2018-06-30"
        )

    def test_without_a_published_value_are_not_said_to_be_on_course(self) -> None:
        of = plan()
        indicator(of=of, project=project_of(of))
        text = board(of)
        assert "重点任务与重大项目的量化指标 1 项 暂无已发布值" in text

    def test_are_judged_as_of_the_day_that_is_looked_at(self) -> None:
        of = plan()
        row = behind(of, "40", project=project_of(of))
        published(row, "77", as_of=date(2018, 12, 31))
        assert " 77 " not in board(of, "?until=2018-06-30")
        assert " 77 " in board(of, "?until=2019-01-01")

    def test_without_a_target_are_shown_and_not_judged(self) -> None:
        of = plan()
        behind(of, "7", target=None, project=project_of(of))
        assert "目标未设定" in board(of, "?until=2018-06-30")

    def test_a_filter_opens_what_fits_it(self) -> None:
        of = plan()
        behind(of, "90", name="领先指标")
        behind(of, "2", name="完成投资", project=project_of(of))
        html = html_for(leader(), f"/{of.code}/overview/?until=2018-06-30&verdict=badly_lagging")
        assert '<details class="panel fold quantities" open>' in html
        assert "没有符合这些条件的指标" in html
        assert "完成投资" not in board(of, "?until=2018-06-30&verdict=faster")

    def test_alone_can_be_looked_at(self) -> None:
        of = plan()
        behind(of, "90", name="领先指标")
        behind(of, "2", name="完成投资", project=project_of(of))
        text = board(of, "?until=2018-06-30&category=parts")
        assert "完成投资" in text
        assert "领先指标" not in text


class TestALongPlan:
    def test_folds_its_categories_and_leaves_the_lagging_open(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(questions, "FOLDED_FROM", 2)
        of = plan()
        behind(of, "2", category=category_of(of, 1, "慢的"))
        behind(of, "90", category=category_of(of, 2, "快的"))
        html = html_for(leader(), f"/{of.code}/overview/?until=2018-06-30")
        slow, fast = html.split("一、慢的　1 项")[0][-120:], html.split("二、快的　1 项")[0][-120:]
        assert '<details class="fold" open>' in slow
        assert '<details class="fold">' in fast

    def test_a_short_one_is_one_table(self) -> None:
        of = plan()
        behind(of, "2")
        assert '<details class="fold"' not in html_for(leader(), f"/{of.code}/overview/?until=2018-06-30")


def category_of(of, number: int, title: str) -> IndicatorCategory:
    with recorded(by=None, reason="测试"):
        return IndicatorCategory.objects.create(plan=of, number=number, title=title)


class TestTheExport:
    def exported(self, of, query: str = "", who=None) -> list[tuple]:
        answer = signed_in(who or leader()).get(f"/{of.code}/overview/?until=2018-06-30&export=xlsx{query}")
        assert answer.status_code == 200
        return list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))

    def test_has_the_rows_of_the_page_with_numbers_as_numbers(self) -> None:
        of = plan()
        row = behind(of, "1234.5", base=Decimal(1000), target=Decimal(2000))
        behind(of, "2", name="完成投资", project=project_of(of))
        lines = self.exported(of)
        found = next(line for line in lines if line[0] == row.number)
        assert found[4:7] == (1000, 2000, 1234.5)
        assert found[8:12] == (0.2345, 0.6173, 0.4, "滞后")
        assert any(line[1] == "完成投资" for line in lines)

    def test_keeps_what_was_printed(self) -> None:
        of = plan()
        row = indicator(of=of, base=None, base_printed="-", base_missing=MissingBase.NOT_SET, target_printed="＞60")
        published(row, "51", value_printed="47＋1＋3", as_of=END_OF_2017)
        assert next(line for line in self.exported(of) if line[0] == row.number)[4:7] == ("-", "＞60", "47＋1＋3")

    def test_follows_the_filters(self) -> None:
        of = plan()
        behind(of, "2", name="落后指标")
        behind(of, "90", name="领先指标")
        lines = self.exported(of, "&verdict=badly_lagging")
        assert [line[1] for line in lines if isinstance(line[0], int)] == ["落后指标"]
        assert "按页面的筛选条件" in lines[1][0]

    def test_holds_no_formula(self) -> None:
        of = plan()
        behind(of, "2", name="=1+1")
        assert any(line[1] == "'=1+1" for line in self.exported(of))

    def test_holds_no_formula_in_its_title(self) -> None:
        assert self.exported(plan(name="=1+1"))[0][0] == "'=1+1　规划指标进展"

    def test_shows_no_value_that_is_not_published(self) -> None:
        form = submitted(reporter(), "77.125")
        assert "77.125" not in str(self.exported(form.period.plan))

    def test_is_on_record_with_its_filters(self) -> None:
        of, who = plan(), leader()
        behind(of)
        self.exported(of, "&verdict=faster", who=who)
        entry = Entry.objects.get(event="overview.export")
        assert entry.change.actor_name == who.name
        assert "verdict=faster" in entry.detail["filters"]
        assert [each.name for each in records("overview.export")] == [who.name]

    def test_is_not_there_for_one_who_reads_no_business(self) -> None:
        of = plan()
        answer = signed_in(person(Role.SYSTEM_ADMINISTRATOR)).get(f"/{of.code}/overview/?export=xlsx")
        assert answer.status_code == 404
        assert not Entry.objects.filter(event="overview.export").exists()
