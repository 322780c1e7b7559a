"""The case's pages: what keeps it from the next stage, and the verbs pressed on it."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from evaluation.conditions import Condition, Finding, Missing, register_condition
from evaluation.models import Evaluation
from evaluation.stages import StageOutline
from organisations.models import User
from plans.models import Plan
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, organisation, reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import form, published

pytestmark = pytest.mark.django_db

MANY = Condition(
    "many_missing",
    "缺得很多",
    lambda evaluation: Finding("缺 12 项", tuple(Missing(f"第{number}项", "/there/", "缺") for number in range(12))),
)
BLOCKED = (StageOutline("准备", ("many_missing",)), StageOutline("调研"))


@pytest.fixture(autouse=True)
def _registered() -> None:
    register_condition(MANY)


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend="organisations.backends.RoleBackend")
    return client


def address(evaluation: Evaluation, name: str = "case", **parts: object) -> str:
    return reverse(f"evaluation:{name}", kwargs={"plan": evaluation.plan.code, "code": evaluation.code, **parts})


def page(client: Client, user: User, evaluation: Evaluation) -> str:
    return signed_in(client, user).get(address(evaluation)).content.decode()


def sent(evaluation: Evaluation, **more: object) -> dict[str, object]:
    return {"stage": evaluation.stages.get(number=1).pk, **more}


class TestCase:
    def test_unmet_conditions_are_counted_and_each_missing_row_leads_to_its_place(self, client: Client) -> None:
        found = page(client, reviewer(), case(stages=BLOCKED))
        assert "转入“调研”还差 1 个条件" in found
        assert found.count('href="/there/"') == 12
        assert "其余 2 项" in found

    def test_the_button_is_disabled_with_the_reason_beside_it(self, client: Client) -> None:
        found = page(client, reviewer(), case(stages=BLOCKED))
        assert 'disabled aria-describedby="why-not"' in found
        assert "由分管领导写明理由后转段" in found

    def test_with_all_conditions_met_the_button_is_the_filled_one(self, client: Client) -> None:
        found = page(client, reviewer(), case())
        assert "条件已全部满足，可以转入“调研”" in found
        assert "disabled" not in found

    def test_only_a_leader_is_offered_to_pass_over(self, client: Client) -> None:
        evaluation = case(stages=BLOCKED)
        assert "越过一个条件" in page(client, leader(), evaluation)
        assert "越过一个条件" not in page(client, reviewer(), evaluation)

    def test_an_auditor_looks_and_presses_nothing(self, client: Client) -> None:
        assert "我现在可以做" not in page(client, auditor(), case())

    def test_who_is_waited_for_is_named(self, client: Client) -> None:
        of = plan()
        evaluation = case(of=of, round=period(of=of))
        form(of=evaluation.round, by=organisation(name="迟到单位"), state="draft")
        assert "迟到单位" in page(client, reviewer(), evaluation)

    def test_to_a_reporter_it_is_not_there(self, client: Client) -> None:
        assert signed_in(client, reporter()).get(address(case())).status_code == 404


class TestPressing:
    def test_on_a_refusal_the_page_says_why(self, client: Client) -> None:
        evaluation = case(stages=BLOCKED)
        signed_in(client, reviewer())
        found = client.post(address(evaluation, "advance"), sent(evaluation), follow=True).content.decode()
        assert "还差 1 个条件，不能转段：缺得很多。" in found

    def test_a_press_on_an_old_page_moves_nothing_else(self, client: Client) -> None:
        evaluation = case()
        data = sent(evaluation)
        signed_in(client, reviewer())
        for _ in range(2):
            client.post(address(evaluation, "advance"), data)
        assert list(evaluation.stages.values_list("state", flat=True)) == ["done", "current", "not_begun"]

    def test_a_leader_passes_one_over_with_a_reason_and_it_stands_on_the_page(self, client: Client) -> None:
        evaluation = case(stages=BLOCKED)
        data = sent(evaluation, condition="many_missing", reason="材料随后补齐")
        client = signed_in(client, leader())
        found = client.post(address(evaluation, "pass_over"), data, follow=True).content.decode()
        assert "已同意越过" in found
        assert "材料随后补齐" in found

    def test_without_a_reason_nothing_is_passed_over(self, client: Client) -> None:
        evaluation = case(stages=BLOCKED)
        client = signed_in(client, leader())
        found = client.post(address(evaluation, "advance_despite"), sent(evaluation), follow=True).content.decode()
        assert "请填写理由" in found
        assert evaluation.stages.get(number=1).state == "current"

    def test_another_cases_stage_is_refused(self, client: Client) -> None:
        evaluation, other = case(), case()
        signed_in(client, reviewer()).post(address(evaluation, "advance"), sent(other))
        assert other.stages.get(number=1).state == "current"


class TestCreate:
    def data(self, **more: object) -> dict[str, object]:
        given = {"name": "某评估", "code": "Some-Midterm", "kind": "mid_term", "cut_off": "2018-06-30"}
        return given | more

    def post(self, client: Client, of: Plan, user: User, **more: object) -> int:
        here = reverse("evaluation:create", kwargs={"plan": of.code})
        return signed_in(client, user).post(here, self.data(**more)).status_code

    def test_a_reviewer_sets_up_a_case_with_its_stages_and_dates(self, client: Client) -> None:
        of = plan()
        days = {"is_reported_upward": "on", "starts_1": "2018-05-08", "ends_1": "2018-06-02"}
        assert self.post(client, of, reviewer(), round=period(of=of).pk, **days) == 302
        found = Evaluation.objects.get(code="some-midterm")
        assert (found.outlook_until, found.stages.count()) == (date(2018, 6, 30), 4)
        assert found.stages.get(number=1).ends_on == date(2018, 6, 2)
        assert found.round is not None

    @pytest.mark.parametrize(
        "wrong",
        [
            {"name": ""},
            {"code": "new"},
            {"code": "中文"},
            {"cut_off": "昨天"},
            {"outlook_until": "2018-01-01"},
            {"starts_1": "2018-05-08"},
            {"starts_1": "2018-05-08", "ends_1": "2018-05-07"},
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_made(self, client: Client, wrong: dict) -> None:
        assert self.post(client, plan(), reviewer(), **wrong) == 422
        assert not Evaluation.objects.exists()

    def test_another_plans_round_cannot_be_chosen(self, client: Client) -> None:
        assert self.post(client, plan(), reviewer(), round=period().pk) == 422

    @pytest.mark.parametrize("who", [leader, auditor, reporter])
    def test_for_others_there_is_no_such_page(self, client: Client, who: type) -> None:
        assert self.post(client, plan(), who()) == 404


class TestCases:
    def test_the_only_case_is_shown_at_once(self, client: Client) -> None:
        evaluation = case()
        here = reverse("evaluation:cases", kwargs={"plan": evaluation.plan.code})
        assert signed_in(client, reviewer()).get(here)["Location"] == address(evaluation)

    def test_without_a_case_a_reviewer_is_offered_to_set_one_up(self, client: Client) -> None:
        here = reverse("evaluation:cases", kwargs={"plan": plan().code})
        assert "建立评估" in signed_in(client, reviewer()).get(here).content.decode()


class TestJudgement:
    def test_the_rules_proposal_stands_beside_the_persons_decision(self, client: Client) -> None:
        evaluation = case()
        row = indicator(of=evaluation.plan, lead=organisation(), number=7)
        published(row, "10")
        here = address(evaluation, "judgement", number=7)
        client = signed_in(client, leader())
        client.post(here, {"verdict": "lagging", "outlook": "", "reason": "口径有变"})
        found = client.get(here).content.decode()
        assert "严重滞后" in found
        assert "口径有变" in found

    def test_a_decision_without_a_reason_is_refused_in_place(self, client: Client) -> None:
        evaluation = case()
        indicator(of=evaluation.plan, number=7)
        answer = signed_in(client, leader()).post(address(evaluation, "judgement", number=7), {"verdict": "lagging"})
        assert (answer.status_code, "请填写理由" in answer.content.decode()) == (422, True)

    def test_an_indicator_that_is_not_there_is_not_found(self, client: Client) -> None:
        assert signed_in(client, leader()).get(address(case(), "judgement", number=99)).status_code == 404


class TestAdmin:
    """The same verbs, offered on the list of stages in the administration."""

    def act(self, client: Client, user: User, evaluation: Evaluation, verb: str, **more: object) -> str:
        here = reverse("admin:evaluation_stage_changelist")
        chosen = [stage.pk for stage in evaluation.stages.filter(state="current")]
        data = {"action": verb, "_selected_action": chosen, **more}
        return signed_in(client, user).post(here, data, follow=True).content.decode()

    def test_a_reviewer_goes_on_to_the_next_stage(self, client: Client) -> None:
        evaluation = case()
        assert "已转入下一阶段" in self.act(client, reviewer(), evaluation, "advance_stage")
        assert list(evaluation.stages.values_list("state", flat=True)) == ["done", "current", "not_begun"]

    def test_an_unmet_condition_is_named_there_too(self, client: Client) -> None:
        assert "缺得很多" in self.act(client, reviewer(), case(stages=BLOCKED), "advance_stage")

    def test_who_is_no_leader_passes_nothing_over(self, client: Client) -> None:
        evaluation = case(stages=BLOCKED)
        found = self.act(client, reviewer(), evaluation, "advance_stage_despite", reason="时间紧")
        assert "没有办理此事的权限" in found
        assert evaluation.stages.get(number=1).state == "current"

    def test_a_stage_is_sent_back_with_the_typed_reason(self, client: Client) -> None:
        evaluation, by = case(), reviewer()
        self.act(client, by, evaluation, "advance_stage")
        self.act(client, by, evaluation, "send_back_stage", reason="还缺材料")
        assert evaluation.stages.get(number=1).state == "current"

    def test_an_auditor_is_not_in_the_administration_to_press(self, client: Client) -> None:
        evaluation = case()
        self.act(client, auditor(), evaluation, "advance_stage")
        assert evaluation.stages.get(number=1).state == "current"
