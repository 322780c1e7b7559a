"""What each condition looks at, and the exact rows that it names when it isn't met."""

from datetime import date

import pytest

from audit.recording import recorded
from evaluation import standing_conditions as standing
from evaluation.models import Evaluation
from evaluation.queries.case import waited_for
from plans.models import PeriodState
from projects.models import MajorProject
from responsibilities.models import Responsibility
from tasks.models import KeyTask, TaskChapter
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import organisation, reporter
from tests.factories.plans import period, plan
from tests.factories.submissions import form, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def evaluation() -> Evaluation:
    of = plan()
    return case(of=of, round=period(of=of))


def labels(finding: standing.Finding) -> list[tuple[str, str]]:
    return [(row.label, row.state) for row in finding.missing]


class TestLeads:
    def test_each_indicator_task_and_project_without_a_lead_is_named(self, evaluation: Evaluation) -> None:
        of = evaluation.plan
        indicator(of=of, name="有牵头", lead=organisation())
        indicator(of=of, name="无牵头")
        with recorded(by=None, reason="测试"):
            KeyTask.objects.create(
                chapter=TaskChapter.objects.create(plan=of, number=1, title="章"), number=1, title="任务甲"
            )
            MajorProject.objects.create(plan=of, number=1, name="项目甲")
        found = standing.every_subject_has_a_lead(evaluation)
        assert labels(found) == [(name, "无牵头单位") for name in ("无牵头", "任务甲", "项目甲")]
        assert found.summary == "2 项指标、1 项重点任务、1 个重大项目"

    def test_a_lead_that_has_ended_is_none(self, evaluation: Evaluation) -> None:
        row = indicator(of=evaluation.plan, lead=organisation())
        assert standing.every_subject_has_a_lead(evaluation).is_met
        with recorded(by=None, reason="测试"):
            Responsibility.objects.filter(indicator=row).update(valid_to=date(2017, 1, 1))
        assert not standing.every_subject_has_a_lead(evaluation).is_met

    def test_an_indicator_not_counted_any_more_needs_none(self, evaluation: Evaluation) -> None:
        indicator(of=evaluation.plan, is_counted=False, dropped_reason="调整")
        assert standing.every_subject_has_a_lead(evaluation).is_met

    def test_another_plans_rows_do_not_count(self, evaluation: Evaluation) -> None:
        indicator()
        assert standing.every_subject_has_a_lead(evaluation).is_met


class TestForms:
    def test_each_form_that_is_not_approved_is_named_with_its_state(self, evaluation: Evaluation) -> None:
        assert evaluation.round is not None
        for name, state in [("甲局", "approved"), ("乙局", "submitted"), ("丙局", "returned"), ("丁局", "draft")]:
            form(of=evaluation.round, by=organisation(name=name), state=state)
        found = standing.every_form_is_approved(evaluation)
        assert found.summary == "4 张已通过 1 张，待审 1 张，退回修改或更正 1 张，未交 1 张"
        assert [row.label for row in found.missing] == ["丙局", "丁局", "乙局"]
        assert found.missing[0].state.startswith("已逾期")
        assert found.missing[2].state == "已提交"

    def test_all_approved_is_met(self, evaluation: Evaluation) -> None:
        assert evaluation.round is not None
        form(of=evaluation.round, state="approved")
        assert standing.every_form_is_approved(evaluation).is_met

    def test_a_round_without_forms_is_not(self, evaluation: Evaluation) -> None:
        assert not standing.every_form_is_approved(evaluation).is_met
        assert not standing.every_form_is_approved(case()).is_met

    def test_who_is_waited_for_stands_with_the_days_left(self, evaluation: Evaluation) -> None:
        assert evaluation.round is not None
        by = reporter(name="填报人甲")
        form(of=evaluation.round, by=by.organisation, reporter=by, state="draft")
        form(of=evaluation.round, state="submitted")
        (found,) = waited_for(evaluation, date(2018, 6, 27))
        assert (found.person, found.words) == ("填报人甲", "还剩 2 个工作日")

    def test_a_correction_has_no_deadline(self, evaluation: Evaluation) -> None:
        assert evaluation.round is not None
        form(of=evaluation.round, state="reopened")
        (missing,) = standing.every_form_is_approved(evaluation).missing
        (found,) = waited_for(evaluation, date(2018, 9, 27))
        assert (missing.state, found.words, found.is_overdue) == ("更正中", "更正中", False)


class TestRound:
    def test_it_is_named_and_open(self, evaluation: Evaluation) -> None:
        assert standing.the_round_is_open(evaluation).is_met

    def test_a_planned_round_is_not(self, evaluation: Evaluation) -> None:
        assert evaluation.round is not None
        evaluation.round.state = PeriodState.PLANNED
        assert labels(standing.the_round_is_open(evaluation)) == [(evaluation.round.name, "未开放")]

    def test_no_round_is_not(self) -> None:
        assert labels(standing.the_round_is_open(case())) == [("专项填报", "未指定")]


class TestValues:
    def test_an_indicator_without_a_published_value_is_named(self, evaluation: Evaluation) -> None:
        published(indicator(of=evaluation.plan), "5")
        indicator(of=evaluation.plan, name="无数")
        indicator(of=evaluation.plan, is_counted=False, dropped_reason="调整")
        found = standing.every_indicator_has_a_value(evaluation)
        assert labels(found) == [("无数", "暂无已发布值")]

    def test_a_lagging_indicator_without_words_is_named(self, evaluation: Evaluation) -> None:
        published(indicator(of=evaluation.plan, name="滞后甲"), "5")
        published(indicator(of=evaluation.plan, name="滞后乙"), "5", explanation="缺少新项目")
        found = standing.every_lagging_indicator_is_explained(evaluation)
        assert (labels(found), found.summary) == ([("滞后甲", "缺说明")], "2 项滞后，缺 1 项说明")
