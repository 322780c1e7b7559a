"""The leader's page: every indicator on a day."""

from datetime import date
from decimal import Decimal

import pytest

from evaluation.actions import decide_assessment
from evaluation.models import Verdict
from indicators.models import MissingBase, QuantityKind
from organisations.models import Provenance
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, reporter, reviewer
from tests.factories.plans import plan
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
        with django_assert_max_num_queries(20):
            client.get(f"/{of.code}/overview/")
