"""A case goes from stage to stage: met conditions, a leader's word, back again."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.moves import StaleState
from audit.recording import entries_of
from evaluation import actions
from evaluation.conditions import Condition, Finding, Missing, register_condition
from evaluation.models import Evaluation, Stage
from evaluation.stages import StageOutline
from tests.factories.evaluation import case
from tests.factories.organisations import auditor, leader, reporter, reviewer, system_administrator

pytestmark = pytest.mark.django_db

NEVER = Condition("never_met", "永不满足", lambda evaluation: Finding("缺一项", (Missing("甲", state="缺"),)))
ALWAYS = Condition("always_met", "总是满足", lambda evaluation: Finding("齐了"))
BLOCKED = (StageOutline("准备", ("never_met", "always_met")), StageOutline("调研"))


@pytest.fixture(autouse=True)
def _registered() -> None:
    register_condition(NEVER)
    register_condition(ALWAYS)


def stage(evaluation: Evaluation, number: int = 1) -> Stage:
    return evaluation.stages.get(number=number)


def states(evaluation: Evaluation) -> list[str]:
    return list(evaluation.stages.values_list("state", flat=True))


class TestCreate:
    def test_the_first_stage_begins(self) -> None:
        assert states(case()) == ["current", "not_begun", "not_begun"]

    def test_it_is_a_reviewers_to_do(self) -> None:
        with pytest.raises(PermissionDenied):
            case(by=leader())

    def test_a_code_is_taken_once(self) -> None:
        first = case()
        with pytest.raises(ValidationError):
            case(code=first.code)

    def test_a_case_without_stages_is_refused(self) -> None:
        with pytest.raises(ValidationError, match="至少要有一个阶段"):
            case(stages=())


class TestAdvance:
    @pytest.mark.parametrize("who", [reviewer, leader])
    def test_the_next_stage_begins(self, who: type) -> None:
        evaluation = case()
        assert actions.advance_stage(stage(evaluation), by=who()) == stage(evaluation, 2)
        assert states(evaluation) == ["done", "current", "not_begun"]

    def test_history_names_who_did_it(self) -> None:
        evaluation, by = case(), reviewer()
        actions.advance_stage(stage(evaluation), by=by)
        entry = entries_of(stage(evaluation)).first()
        assert entry is not None
        assert (entry.event, entry.change.actor) == ("stage.finish", by)

    def test_an_unmet_condition_is_named_in_the_refusal(self) -> None:
        evaluation = case(stages=BLOCKED)
        with pytest.raises(ValidationError, match="还差 1 个条件，不能转段：永不满足。"):
            actions.advance_stage(stage(evaluation), by=reviewer())
        assert states(evaluation) == ["current", "not_begun"]

    def test_a_condition_that_nobody_registered_is_never_met(self) -> None:
        evaluation = case(stages=(StageOutline("准备", ("unheard_of",)),))
        with pytest.raises(ValidationError, match="unheard_of"):
            actions.advance_stage(stage(evaluation), by=reviewer())

    def test_pressed_twice_it_advances_once(self) -> None:
        evaluation, shown = case(), None
        shown = stage(evaluation)
        actions.advance_stage(shown, by=reviewer())
        with pytest.raises(StaleState):
            actions.advance_stage(shown, by=reviewer())
        assert states(evaluation) == ["done", "current", "not_begun"]

    @pytest.mark.parametrize("who", [reporter, auditor, system_administrator])
    def test_others_may_not(self, who: type) -> None:
        evaluation = case()
        with pytest.raises(PermissionDenied):
            actions.advance_stage(stage(evaluation), by=who())
        assert states(evaluation)[0] == "current"

    def test_the_last_stage_just_ends(self) -> None:
        evaluation = case(stages=(StageOutline("起草"),))
        assert actions.advance_stage(stage(evaluation), by=reviewer()).state == "done"


class TestPassOver:
    def test_a_leaders_word_lets_the_stage_go_on(self) -> None:
        evaluation = case(stages=BLOCKED)
        passed = actions.pass_over_condition(stage(evaluation), "never_met", by=leader(), reason="时间紧")
        assert (passed.missing, passed.reason) == (["甲 缺"], "时间紧")
        actions.advance_stage(stage(evaluation), by=reviewer())
        assert states(evaluation) == ["done", "current"]

    @pytest.mark.parametrize("who", [reviewer, reporter, auditor])
    def test_only_a_leader_may(self, who: type) -> None:
        evaluation = case(stages=BLOCKED)
        with pytest.raises(PermissionDenied):
            actions.pass_over_condition(stage(evaluation), "never_met", by=who(), reason="时间紧")

    def test_it_needs_a_reason(self) -> None:
        evaluation = case(stages=BLOCKED)
        with pytest.raises(ValidationError, match="请填写理由"):
            actions.pass_over_condition(stage(evaluation), "never_met", by=leader(), reason="  ")

    @pytest.mark.parametrize(("name", "why"), [("always_met", "已满足"), ("another", "没有这个转段条件")])
    def test_only_an_unmet_condition_of_the_stage_can_be_passed_over(self, name: str, why: str) -> None:
        evaluation = case(stages=BLOCKED)
        with pytest.raises(ValidationError, match=why):
            actions.pass_over_condition(stage(evaluation), name, by=leader(), reason="时间紧")

    def test_pressed_twice_it_is_passed_over_once(self) -> None:
        evaluation, by = case(stages=BLOCKED), leader()
        actions.pass_over_condition(stage(evaluation), "never_met", by=by, reason="时间紧")
        with pytest.raises(ValidationError, match="已同意越过"):
            actions.pass_over_condition(stage(evaluation), "never_met", by=by, reason="时间紧")

    def test_all_at_once_and_on(self) -> None:
        evaluation = case(stages=BLOCKED)
        actions.advance_stage_despite(stage(evaluation), by=leader(), reason="时间紧")
        assert states(evaluation) == ["done", "current"]
        assert stage(evaluation).passed_over.get().condition == "never_met"

    def test_a_reviewer_may_not_go_on_despite_it(self) -> None:
        evaluation = case(stages=BLOCKED)
        with pytest.raises(PermissionDenied):
            actions.advance_stage_despite(stage(evaluation), by=reviewer(), reason="时间紧")
        assert states(evaluation) == ["current", "not_begun"]


class TestSendBack:
    def test_the_stage_before_is_taken_up_again(self) -> None:
        evaluation, by = case(), reviewer()
        second = actions.advance_stage(stage(evaluation), by=by)
        assert actions.send_back_stage(second, by=by, reason="还缺材料") == stage(evaluation)
        assert states(evaluation) == ["current", "not_begun", "not_begun"]

    def test_what_was_passed_over_must_be_passed_over_again(self) -> None:
        evaluation, by = case(stages=BLOCKED), leader()
        second = actions.advance_stage_despite(stage(evaluation), by=by, reason="时间紧")
        actions.send_back_stage(second, by=by, reason="还缺材料")
        with pytest.raises(ValidationError, match="永不满足"):
            actions.advance_stage(stage(evaluation), by=by)
        actions.advance_stage_despite(stage(evaluation), by=by, reason="再次同意")
        assert stage(evaluation).passed_over.count() == 2

    def test_there_is_nothing_before_the_first(self) -> None:
        with pytest.raises(ValidationError, match="第一阶段"):
            actions.send_back_stage(stage(case()), by=reviewer(), reason="还缺材料")

    def test_a_finished_case_is_taken_up_again(self) -> None:
        evaluation = case(stages=(StageOutline("起草"),))
        actions.advance_stage(stage(evaluation), by=reviewer())
        assert actions.send_back_stage(stage(evaluation), by=reviewer(), reason="有新意见").state == "current"

    def test_it_needs_a_reason(self) -> None:
        evaluation = case()
        second = actions.advance_stage(stage(evaluation), by=reviewer())
        with pytest.raises(ValidationError, match="请填写理由"):
            actions.send_back_stage(second, by=reviewer(), reason="")

    def test_pressed_twice_it_goes_back_once(self) -> None:
        evaluation, by = case(), reviewer()
        third = actions.advance_stage(actions.advance_stage(stage(evaluation), by=by), by=by)
        actions.send_back_stage(third, by=by, reason="还缺材料")
        with pytest.raises(StaleState):
            actions.send_back_stage(third, by=by, reason="还缺材料")
        assert states(evaluation) == ["done", "current", "not_begun"]

    @pytest.mark.parametrize("who", [reporter, auditor])
    def test_others_may_not(self, who: type) -> None:
        evaluation = case()
        second = actions.advance_stage(stage(evaluation), by=reviewer())
        with pytest.raises(PermissionDenied):
            actions.send_back_stage(second, by=who(), reason="还缺材料")


class TestNameGroup:
    def test_naming_a_person_twice_keeps_one_place(self) -> None:
        evaluation, by, member = case(), reviewer(), reviewer()
        for _ in range(2):
            actions.name_group(evaluation, by=by, members=[(member, "member", "第二部分")])
        assert [str(row) for row in evaluation.members.all()] == [f"{member.name} 成员"]

    def test_a_leader_may_not(self) -> None:
        with pytest.raises(PermissionDenied):
            actions.name_group(case(), by=leader(), members=[])


def test_conditions_keep_their_names() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        register_condition(Condition("never_met", "另一个", NEVER.check))
