"""Which published value stands for an indicator, and what is made of it."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from arithmetic.goal import Outlook, Verdict
from audit.clock import now
from audit.recording import Refused, recorded
from evaluation.actions import decide_assessment, withdraw_decision
from evaluation.models import DecidedAssessment, Evaluation
from evaluation.queries import Assessed, assess
from evaluation.queries.past import assess_at
from indicators.models import AnnualTarget, Indicator
from responsibilities.models import Part, Responsibility
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, organisation, reporter, reviewer
from tests.factories.plans import period
from tests.factories.submissions import published

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    return case()


def add(evaluation: Evaluation, **fields: object) -> Indicator:
    return indicator(of=evaluation.plan, lead=organisation(), **fields)


def only(evaluation: Evaluation, **more: object) -> Assessed:
    (row,) = assess(evaluation, **more)
    return row


class TestWhichValue:
    def test_the_last_value_up_to_the_cut_off(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        for day, value in [(date(2017, 12, 31), "30"), (date(2018, 6, 30), "45"), (date(2018, 9, 30), "60")]:
            published(row, value, as_of=day)
        assert only(evaluation).value == 45
        assert only(evaluation, until=date(2018, 12, 31)).value == 60
        assert [point.published.value for point in only(evaluation).series] == [30, 45]

    def test_nothing_published_is_not_judged(self, evaluation: Evaluation) -> None:
        add(evaluation)
        found = only(evaluation)
        assert (found.verdict, found.value, found.sentence) == (Verdict.NOT_JUDGED, None, "暂无已发布值。")

    def test_of_a_corrected_figure_the_last_publication(self, evaluation: Evaluation) -> None:
        row, by, round = add(evaluation), organisation(), period(of=evaluation.plan)
        published(row, "40", by=by, of=round)
        published(row, "50", by=by, of=round)
        assert only(evaluation).value == 50

    def test_a_withdrawn_publication_is_as_if_it_had_never_been(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        published(row, "40", as_of=date(2017, 12, 31))
        published(row, "50", withdrawn_at="2018-07-01T00:00+08:00")
        assert only(evaluation).value == 40

    def test_the_leads_value_and_not_a_streets_part(self, evaluation: Evaluation) -> None:
        row, street = add(evaluation), organisation(kind="street")
        with recorded(by=None, reason="测试"):
            Responsibility.objects.create(
                plan=evaluation.plan, organisation=street, part=Part.SUPPORT, indicator=row, reports_figure=True
            )
        published(row, "40", as_of=date(2017, 12, 31))
        published(row, "7", by=street)
        assert only(evaluation).value == 40

    def test_the_source_of_the_data_where_the_lead_reports_nothing(self, evaluation: Evaluation) -> None:
        row, source = add(evaluation), organisation()
        with recorded(by=None, reason="测试"):
            Responsibility.objects.create(
                plan=evaluation.plan, organisation=source, part=Part.DATA_SOURCE, indicator=row
            )
        published(row, "44", by=source)
        assert only(evaluation).value == 44

    def test_no_data_does_not_hide_an_earlier_value(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        published(row, "40", as_of=date(2017, 12, 31))
        published(row, None)
        assert only(evaluation).value == 40

    def test_no_data_alone_gives_its_reason(self, evaluation: Evaluation) -> None:
        published(add(evaluation), None)
        assert only(evaluation).sentence == "无数据：没有数据。"

    def test_an_undated_value_counts_to_the_end_of_its_period(self, evaluation: Evaluation) -> None:
        published(add(evaluation), "40", as_of=None)
        assert only(evaluation).time_passed == Decimal("0.5")

    def test_an_annual_flow_is_judged_by_its_last_full_year(self, evaluation: Evaluation) -> None:
        row = add(evaluation, kind="annual", unit="亿元")
        published(row, "40", as_of=date(2017, 12, 31))
        published(row, "25", last_year_value=Decimal(20))
        found = only(evaluation)
        assert (found.value, found.verdict) == (40, Verdict.ON_COURSE)
        assert found.current_sentence.startswith("2018年6月30日累计 25 亿元，比上年同期名义增长 +25.0%")

    def test_quantities_of_tasks_and_projects_are_not_in_the_table(self, evaluation: Evaluation) -> None:
        add(evaluation)
        assert len(assess(evaluation)) == 1


class TestWhatIsMadeOfIt:
    def test_what_the_plan_says_is_judged(self, evaluation: Evaluation) -> None:
        row = add(evaluation, direction="falling", base=Decimal(40), target=Decimal(30), unit="%", kind="ratio")
        published(row, "35", expectation="no")
        found = only(evaluation)
        assert (found.verdict, found.outlook, found.progress) == (Verdict.ON_COURSE, Outlook.HARD, Decimal("0.5"))

    def test_a_years_own_target_counts_first(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        with recorded(by=None, reason="测试"):
            AnnualTarget.objects.create(indicator=row, year=2018, value=Decimal(10))
        published(row, "10")
        assert only(evaluation).judgement.basis == "按 2018 年年度目标"

    def test_a_target_printed_with_more_than_is_not_met_by_itself(self, evaluation: Evaluation) -> None:
        row = add(evaluation, base=None, base_missing="not_set", target_form="at_least", target_printed="＞100")
        published(row, "100")
        assert only(evaluation).label == "等于下限"

    def test_an_indicator_not_counted_any_more_is_told_with_its_reason(self, evaluation: Evaluation) -> None:
        published(add(evaluation, is_counted=False, dropped_reason="统计制度调整"), None, value_printed="/")
        assert only(evaluation).sentence == "不再纳入统计：统计制度调整。"

    def test_a_case_has_thresholds_of_its_own(self, evaluation: Evaluation) -> None:
        published(add(evaluation), "47")
        evaluation.thresholds = {"on_course": "0.95"}
        assert only(evaluation).verdict is Verdict.LAGGING

    def test_the_number_of_queries_does_not_grow(self, evaluation: Evaluation) -> None:
        counts = []
        for _ in range(2):
            published(add(evaluation), "40")
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assess(evaluation)
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 6


class TestDecide:
    def test_the_decision_counts_and_the_proposal_stays_in_sight(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        published(row, "10")
        decide_assessment(evaluation, row, by=leader(), verdict="lagging", reason="口径有变")
        found = only(evaluation)
        assert (found.verdict, found.judgement.verdict) == (Verdict.LAGGING, Verdict.BADLY_LAGGING)
        assert (found.outlook, found.decided and found.decided.reason) == (Outlook.HARD, "口径有变")

    def test_the_last_decision_counts(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        for outlook in ("can", "undecided"):
            decide_assessment(evaluation, row, by=reviewer(), outlook=outlook, reason="口径有变")
        assert only(evaluation).outlook is Outlook.UNDECIDED

    @pytest.mark.parametrize(
        ("what", "why"),
        [
            ({"verdict": "lagging", "reason": ""}, "请填写理由"),
            ({"reason": "口径有变"}, "至少选择一项"),
            ({"verdict": "splendid", "reason": "口径有变"}, "splendid"),
        ],
    )
    def test_half_a_decision_is_refused(self, evaluation: Evaluation, what: dict[str, str], why: str) -> None:
        with pytest.raises(ValidationError, match=why):
            decide_assessment(evaluation, add(evaluation), by=reviewer(), **what)

    @pytest.mark.parametrize("who", [reporter, auditor])
    def test_others_may_not(self, evaluation: Evaluation, who: type) -> None:
        with pytest.raises(PermissionDenied):
            decide_assessment(evaluation, add(evaluation), by=who(), verdict="lagging", reason="口径有变")

    def test_another_plans_indicator_is_refused(self, evaluation: Evaluation) -> None:
        with pytest.raises(ValidationError, match="不属于"):
            decide_assessment(evaluation, indicator(), by=reviewer(), verdict="lagging", reason="口径有变")

    def test_withdrawn_the_rule_counts_again(self, evaluation: Evaluation) -> None:
        row = add(evaluation)
        decided = decide_assessment(evaluation, row, by=reviewer(), outlook="can", reason="口径有变")
        withdraw_decision(decided, by=reviewer(), reason="有误")
        assert not only(evaluation).is_decided
        with pytest.raises(ValidationError, match="已经撤销"):
            withdraw_decision(decided, by=reviewer(), reason="有误")

    def test_before_its_withdrawal_it_counted(self, evaluation: Evaluation) -> None:
        row, by = add(evaluation), reviewer()
        decided = decide_assessment(evaluation, row, by=by, outlook="can", reason="口径有变")
        before = timezone.now()
        withdraw_decision(decided, by=by, reason="有误")
        for moment, counts in [(before, True), (timezone.now(), False)]:
            (then,) = assess_at(evaluation.plan, evaluation, moment=moment, until=evaluation.cut_off)
            assert then.is_decided is counts

    def test_after_a_withdrawal_another_decision_is_another_row(self, evaluation: Evaluation) -> None:
        row, by = add(evaluation), reviewer()
        first = decide_assessment(evaluation, row, by=by, outlook="can", reason="口径有变")
        withdraw_decision(first, by=by, reason="有误")
        second = decide_assessment(evaluation, row, by=by, outlook="hard", reason="重新判定")
        assert second.pk != first.pk
        assert only(evaluation).decided == second
        first.refresh_from_db()
        assert (first.outlook, first.withdrawn_by) == ("can", by)

    @pytest.mark.parametrize(
        ("columns", "words"),
        [
            ({"withdrawn_at": now(), "outlook": "hard"}, "内容不能改变"),
            ({"withdrawn_at": now(), "withdrawn_by": None}, "与本次变更的操作人不一致"),
            ({"reason": "改写", "by": None}, "与本次变更的操作人不一致"),
        ],
    )
    def test_the_database_refuses_another_withdrawal(
        self, evaluation: Evaluation, columns: dict[str, object], words: str
    ) -> None:
        by, other = reviewer(), reviewer()
        decided = decide_assessment(evaluation, add(evaluation), by=by, outlook="can", reason="口径有变")
        given = {name: value or other for name, value in columns.items()}
        if "withdrawn_at" in given:
            given.setdefault("withdrawn_by", by)
        with pytest.raises(Refused, match=words), recorded(by=by, reason="绕过"):
            DecidedAssessment.objects.filter(pk=decided.pk).update(**given)

    def test_what_is_withdrawn_stays_so(self, evaluation: Evaluation) -> None:
        by = reviewer()
        decided = decide_assessment(evaluation, add(evaluation), by=by, outlook="can", reason="口径有变")
        withdraw_decision(decided, by=by, reason="有误")
        with pytest.raises(Refused, match="已经撤销"), recorded(by=by, reason="绕过"):
            DecidedAssessment.objects.filter(pk=decided.pk).update(withdrawn_by=None, withdrawn_at=None)


class TestCommand:
    def run(self, *arguments: str) -> str:
        out = StringIO()
        call_command("assess", *arguments, stdout=out)
        return out.getvalue()

    def test_json_has_exact_numbers_and_null_where_there_is_none(self, evaluation: Evaluation) -> None:
        published(add(evaluation, number=1, base=Decimal("0.1"), target=Decimal("0.7")), "0.3")
        add(evaluation, number=2, base=None, base_missing="not_set", base_printed="——")
        first, second = json.loads(self.run(evaluation.code, "--json"), parse_float=Decimal)
        assert (first["value"], first["progress"], first["time_passed"]) == (
            Decimal("0.3"),
            Decimal("0.333333"),
            Decimal("0.5"),
        )
        assert (first["as_of"], first["verdict"], first["outlook"]) == ("2018-06-30", "滞后", "预计难完成")
        assert (second["base"], second["base_printed"], second["progress"]) == (None, "——", None)

    def test_text_is_a_line_for_each_indicator(self, evaluation: Evaluation) -> None:
        published(add(evaluation, number=1, name="规模", unit="户"), "45")
        assert "1 规模（户）：45（2018年6月30日），时序 50%，基本符合预期，预计能完成。进度 45.0%" in self.run(
            evaluation.code
        )

    def test_an_unknown_case_is_told_with_the_known_ones(self, evaluation: Evaluation) -> None:
        with pytest.raises(CommandError, match=evaluation.code):
            self.run("nothing")
