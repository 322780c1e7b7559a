"""Who reviews what: by organisation, by indicator, and from one reviewer to another."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit.recording import Refused, entries_of, recorded
from organisations.actions import hand_over_work
from organisations.models import Role
from plans.models import PeriodState
from submissions import actions
from submissions.models import Assignment, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, organisation, person, reporter, reviewer, system_administrator
from tests.factories.plans import period
from tests.factories.reviews import assigned
from tests.factories.submissions import submitted
from tests.submissions.pages import client_of, queries, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def form() -> Submission:
    return submitted(reporter(at=organisation(name="甲局")))


def page(form: Submission, name: str = "assignments", *more: int) -> str:
    return reverse(f"submissions:{name}", args=[form.period.plan.code, *more])


class TestAssign:
    def test_it_is_on_record_who_gave_what_to_whom(self, form: Submission) -> None:
        (row,) = assigned(reviewer(), form.organisation, of=form.period.plan)
        assert entries_of(row).get().event == "assignment.begin"
        assert str(row) == f"甲局由{row.reviewer.name}审核"

    def test_what_is_theirs_already_is_not_doubled(self, form: Submission) -> None:
        who, other = reviewer(), organisation()
        assigned(who, form.organisation, of=form.period.plan)
        assert len(assigned(who, form.organisation, other, of=form.period.plan)) == 1
        with pytest.raises(ValidationError, match="都已由"):
            assigned(who, form.organisation, of=form.period.plan)

    @pytest.mark.parametrize("role", [Role.REPORTER, Role.LEADER])
    def test_only_a_reviewer_is_given_something(self, form: Submission, role: str) -> None:
        with pytest.raises(ValidationError, match="不是审核人"):
            assigned(person(role), form.organisation, of=form.period.plan)

    def test_only_a_reviewer_gives(self, form: Submission) -> None:
        with pytest.raises(PermissionDenied):
            actions.assign_reviews(form.period.plan, by=leader(), to=reviewer(), organisations=[form.organisation])

    def test_something_is_named(self, form: Submission) -> None:
        with pytest.raises(ValidationError, match="至少勾选"):
            assigned(reviewer(), of=form.period.plan)

    def test_another_plans_indicator_is_refused(self, form: Submission) -> None:
        with pytest.raises(ValidationError, match="不属于这个规划"):
            assigned(reviewer(), of=form.period.plan, indicators=[indicator()])


class TestEnd:
    def test_pressed_twice_the_second_is_told(self, form: Submission) -> None:
        (row,) = assigned(reviewer(), form.organisation, of=form.period.plan)
        assert actions.end_assignment(row, by=reviewer()).ended_at is not None
        with pytest.raises(ValidationError, match="已经结束"):
            actions.end_assignment(row, by=reviewer())

    def test_it_begins_anew_afterwards(self, form: Submission) -> None:
        who = reviewer()
        (row,) = assigned(who, form.organisation, of=form.period.plan)
        actions.end_assignment(row, by=reviewer())
        assert len(assigned(who, form.organisation, of=form.period.plan)) == 1

    def test_the_database_lets_nobody_write_it_over(self, form: Submission) -> None:
        (row,) = assigned(reviewer(), form.organisation, of=form.period.plan)
        with pytest.raises(Refused, match="审核分工一经确定"), recorded(by=None, reason="测试"):
            Assignment.objects.filter(pk=row.pk).update(reviewer=reviewer())


class TestHandOver:
    def test_everything_goes_to_the_other_with_the_reason(self, form: Submission) -> None:
        giver, taker, other = reviewer(), reviewer(), organisation()
        assigned(giver, form.organisation, other, of=form.period.plan)
        assigned(taker, other, of=form.period.plan)
        actions.hand_over_reviews(form.period.plan, by=giver, from_user=giver, to=taker, reason="出差")
        open_rows = Assignment.objects.filter(ended_at=None)
        assert {(row.reviewer, row.organisation) for row in open_rows} == {(taker, form.organisation), (taker, other)}
        entry = (
            entries_of(Assignment.objects.filter(reviewer=giver).first()).filter(event="assignment.hand_over").get()
        )
        assert (entry.detail["to_name"], entry.change.reason) == (taker.name, "出差")

    def test_pressed_twice_the_second_is_told(self, form: Submission) -> None:
        giver, taker = reviewer(), reviewer()
        assigned(giver, form.organisation, of=form.period.plan)
        actions.hand_over_reviews(form.period.plan, by=giver, from_user=giver, to=taker, reason="出差")
        with pytest.raises(ValidationError, match="没有可移交的"):
            actions.hand_over_reviews(form.period.plan, by=giver, from_user=giver, to=taker, reason="出差")

    def test_nobody_hands_over_to_themselves(self, form: Submission) -> None:
        giver = reviewer()
        with pytest.raises(ValidationError, match="移交人自己"):
            actions.hand_over_reviews(form.period.plan, by=giver, from_user=giver, to=giver, reason="出差")

    def test_it_needs_a_reason(self, form: Submission) -> None:
        giver = reviewer()
        with pytest.raises(ValidationError, match="理由"):
            actions.hand_over_reviews(form.period.plan, by=giver, from_user=giver, to=reviewer(), reason=" ")

    def test_a_leavers_reviews_go_to_the_colleague_with_the_rest(self, form: Submission) -> None:
        leaver = reviewer()
        colleague = reviewer(at=leaver.organisation)
        assigned(leaver, form.organisation, of=form.period.plan)
        done = hand_over_work(leaver, to=colleague, by=system_administrator(), reason="调离")
        assert [item["title"] for item in done.items] == ["审核分工"]
        assert Assignment.objects.get(ended_at=None).reviewer == colleague

    def test_to_a_colleague_who_does_not_review_they_do_not_go(self, form: Submission) -> None:
        leaver = reviewer()
        assigned(leaver, form.organisation, of=form.period.plan)
        done = hand_over_work(leaver, to=reporter(at=leaver.organisation), by=system_administrator(), reason="调离")
        assert done.items == []
        assert Assignment.objects.get(ended_at=None).reviewer == leaver


class TestMine:
    def queue(self, form: Submission, query: str = "") -> str:
        return page(form, "queue") + query

    def test_by_organisation_mine_comes_first_and_all_is_one_press_away(self, form: Submission) -> None:
        who = reviewer()
        assigned(who, organisation(name="乙局"), of=form.period.plan)
        assert "分给你的填报表都办完了" in text(who, self.queue(form))
        assert "甲局" in text(who, self.queue(form, "?whose=all"))
        assigned(who, form.organisation, of=form.period.plan)
        assert "有 1 张填报表待审" in text(who, self.queue(form))

    def test_by_indicator_the_forms_that_ask_it_are_mine(self, form: Submission) -> None:
        who = reviewer()
        assigned(who, of=form.period.plan, indicators=[form.figures.get().indicator])
        assert "甲局" in text(who, self.queue(form))

    def test_who_was_given_nothing_sees_all(self, form: Submission) -> None:
        assert "甲局" in text(reviewer(), self.queue(form))


class TestPage:
    def test_a_reviewer_divides_hands_over_and_ends(self, form: Submission) -> None:
        who, taker = reviewer(), reviewer()
        client = client_of(who)
        client.post(page(form), {"to": who.pk, "organisation": [form.organisation_id]})
        assert "各单位都已分给审核人" in text(who, page(form))
        client.post(page(form, "hand_over_reviews"), {"from": who.pk, "to": taker.pk, "reason": "出差"})
        row = Assignment.objects.get(ended_at=None)
        assert row.reviewer == taker
        client.post(page(form, "end_assignment", row.pk))
        assert not Assignment.objects.filter(ended_at=None).exists()

    def test_a_refusal_stands_on_the_page(self, form: Submission) -> None:
        who = reviewer()
        answer = client_of(who).post(page(form), {"to": who.pk}, follow=True)
        assert "请至少勾选一个单位或一项指标" in answer.content.decode()

    def test_nobody_elses_key_is_a_reviewer(self, form: Submission) -> None:
        sent = {"to": leader().pk, "organisation": [form.organisation_id]}
        assert client_of(reviewer()).post(page(form), sent).status_code == 404

    def test_the_queries_do_not_grow(self, form: Submission) -> None:
        who, base = reviewer(), form.period.plan
        assigned(who, form.organisation, of=base)
        few = queries(who, page(form))
        for number in range(4):
            indicator(of=base, lead=reporter(at=organisation(name=f"第{number}局")).organisation)
        more = actions.open_period(period(of=base, state=PeriodState.PLANNED), by=reviewer(), reason="急")
        assigned(who, *[each.organisation for each in more if each.organisation != form.organisation], of=base)
        assert queries(who, page(form)) == few
