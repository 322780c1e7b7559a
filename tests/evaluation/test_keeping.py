"""A case's dates, its round and its working group change with a reason, and everything that reads the case follows."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from audit.moves import StaleState
from audit.recording import Refused, recorded
from evaluation.actions import advance_stage, change_case, leave_group, name_group
from evaluation.models import Evaluation
from evaluation.queries import assess
from evaluation.stages import StageOutline
from organisations.models import Role, User
from reports.queries import tables_for
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, organisation, person, reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import published

pytestmark = pytest.mark.django_db
YEAR_END = date(2018, 12, 31)


def changed(found: Evaluation, **told: Any) -> Evaluation:
    given = {"by": reviewer(), "reason": "上级改期", "cut_off": found.cut_off}
    given |= {"outlook_until": found.outlook_until, "round": found.round}
    return change_case(found, **(given | told))


class TestDates:
    def test_they_change_with_a_reason_and_both_are_kept(self) -> None:
        found = case()
        changed(found, cut_off=YEAR_END, outlook_until=None)
        found.refresh_from_db()
        assert (found.cut_off, found.outlook_until) == (YEAR_END, YEAR_END)
        told = Entry.objects.select_related("change").get(event="evaluation.change")
        assert told.change.reason == "上级改期"
        assert told.detail["changed"]["cut_off"] == ["2018-06-30", "2018-12-31"]

    def test_judgements_and_the_report_follow(self) -> None:
        row = indicator(lead=organisation())
        found = case(of=row.plan)
        published(row, "50", as_of=date(2018, 6, 30))
        published(row, "70", as_of=YEAR_END)
        assert [each.value for each in assess(found)] == [50]
        after = changed(found, cut_off=YEAR_END, outlook_until=YEAR_END)
        assert [each.value for each in assess(after)] == [70]
        assert "70" in [str(cell) for cell in tables_for(after)["category:1"].rows[-1].cells]

    def test_the_outlook_reaches_the_cut_off(self) -> None:
        with pytest.raises(ValidationError, match="展望数据截止日不能早于数据截止日"):
            changed(case(), outlook_until=date(2018, 1, 1))

    def test_the_database_holds_that_too(self) -> None:
        found = case()
        with pytest.raises(Refused, match="不能早于数据截止日"), recorded(by=None, reason="测试"):
            Evaluation.objects.filter(pk=found.pk).update(outlook_until=date(2018, 1, 1))

    def test_a_stages_days_are_planned_anew(self) -> None:
        found = case()
        changed(found, days={2: (date(2018, 7, 1), date(2018, 8, 1))})
        assert found.stages.get(number=2).ends_on == date(2018, 8, 1)
        with pytest.raises(ValidationError, match="计划结束不能早于计划开始"):
            changed(found, days={2: (date(2018, 9, 1), date(2018, 8, 1))})
        with pytest.raises(ValidationError, match="要么都填，要么都不填"):
            changed(found, days={2: (date(2018, 9, 1), None)})

    def test_a_new_cases_stages_are_planned_in_order_too(self) -> None:
        with pytest.raises(ValidationError, match="计划结束不能早于计划开始"):
            case(dates=[(date(2018, 9, 1), date(2018, 8, 1))])

    def test_a_code_names_one_case(self) -> None:
        with pytest.raises(ValidationError, match="已有代码相同的评估，请换一个代码。"):
            case(code=case().code)


class TestRound:
    def test_another_round_is_named(self) -> None:
        found = case()
        later = period(of=found.plan)
        assert changed(found, round=later).round == later

    def test_also_one_of_the_same_name(self) -> None:
        of = plan()
        first, second = period(of=of, name="中期评估填报"), period(of=of, name="中期评估填报")
        assert changed(case(of=of, round=first), round=second).round == second

    def test_not_one_of_another_plan(self) -> None:
        with pytest.raises(ValidationError, match="不属于这个规划"):
            changed(case(), round=period())


class TestRefusals:
    def test_no_reason_or_nothing_to_change(self) -> None:
        with pytest.raises(ValidationError, match="理由"):
            changed(case(), cut_off=YEAR_END, reason=" ")
        with pytest.raises(ValidationError, match="没有要变更的内容"):
            changed(case())

    @pytest.mark.parametrize("other", [reporter, leader])
    def test_it_is_a_reviewers_to_do(self, other: Any) -> None:
        with pytest.raises(PermissionDenied):
            changed(case(), by=other(), cut_off=YEAR_END, outlook_until=None)

    def test_a_finished_case_stays_as_it_is(self) -> None:
        found = case(stages=(StageOutline("准备"),))
        advance_stage(found.stages.get(), by=reviewer())
        with pytest.raises(StaleState, match="各阶段都已完成"):
            changed(found, cut_off=YEAR_END, outlook_until=None)


class TestGroup:
    def test_who_is_named_again_gets_the_new_task(self) -> None:
        found, who = case(), reviewer()
        for task in ("第一部分", "第二部分"):
            name_group(found, by=who, members=[(who, "member", task)])
        assert found.members.get().task == "第二部分"

    def test_who_leaves_stays_in_history_and_may_come_back(self) -> None:
        found, who = case(), reviewer()
        (member,) = name_group(found, by=who, members=[(who, "member", "")])
        leave_group(member, by=who, reason="调离")
        member.refresh_from_db()
        assert member.left_on is not None
        with pytest.raises(ValidationError, match="已经退出"):
            leave_group(member, by=who, reason="调离")
        name_group(found, by=who, members=[(who, "member", "")])
        member.refresh_from_db()
        assert member.left_on is None

    def test_an_unknown_part_is_refused(self) -> None:
        with pytest.raises(ValidationError):
            name_group(case(), by=reviewer(), members=[(reviewer(), "guest", "")])

    def test_a_leader_names_nobody(self) -> None:
        found, who = case(), reviewer()
        (member,) = name_group(found, by=who, members=[(who, "member", "")])
        with pytest.raises(PermissionDenied):
            leave_group(member, by=leader(), reason="调离")


class TestPages:
    def pressed(self, by: User, found: Evaluation, name: str, **typed: object) -> HttpResponse:
        client = Client()
        client.force_login(by, backend="organisations.backends.RoleBackend")
        return client.post(reverse(f"evaluation:{name}", args=[found.plan.code, found.code]), typed, follow=True)

    def test_a_press_changes_the_dates_and_the_case_shows_them(self) -> None:
        found = case()
        shown = self.pressed(reviewer(), found, "change", cut_off="2018-12-31", reason="上级改期")
        assert "数据截至 2018年12月31日" in shown.content.decode()

    def test_a_refusal_keeps_what_was_typed(self) -> None:
        typed = {"cut_off": "2018-12-31", "outlook_until": "2018-01-01", "reason": "上级改期"}
        shown = self.pressed(reviewer(), case(), "change", **typed)
        assert (shown.status_code, "2018-01-01" in shown.content.decode()) == (422, True)

    def test_a_member_is_named_and_stands_on_the_cases_page(self) -> None:
        found, who = case(), person(Role.REVIEWER, name="审核人丙")
        self.pressed(who, found, "group", user=who.pk, part="writer", task="执笔第二部分")
        client = Client()
        client.force_login(who, backend="organisations.backends.RoleBackend")
        shown = client.get(reverse("evaluation:case", args=[found.plan.code, found.code])).content.decode()
        assert "审核人丙（执笔第二部分）" in shown
