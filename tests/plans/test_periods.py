"""Reporting periods: defined, changed while nobody has opened them, given another deadline, closed, opened again."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.utils import timezone

from audit.clock import now
from audit.models import Entry
from audit.moves import StaleState
from audit.recording import Refused, recorded
from organisations.models import User
from plans import actions
from plans.calendar import end_of_day
from plans.models import PeriodKind, PeriodState, Plan, ReportingPeriod
from tests.factories.organisations import leader, reporter, reviewer, system_administrator
from tests.factories.plans import period, plan

pytestmark = pytest.mark.django_db
LATER = timedelta(days=20)


def half_year(**changed: object) -> dict[str, Any]:
    told = {
        "code": "2018-h1",
        "name": "1–6月",
        "kind": PeriodKind.HALF_YEAR,
        "starts_on": date(2018, 1, 1),
        "ends_on": date(2018, 6, 30),
        "opens_on": date(2018, 7, 2),
        "deadline": end_of_day(date(2018, 7, 13)),
    }
    return told | changed


def in_days(number: int) -> datetime:
    return end_of_day(timezone.localdate() + timedelta(days=number))


@pytest.fixture
def of() -> Plan:
    return plan()


class TestDefine:
    @pytest.mark.parametrize("person", [reviewer, system_administrator])
    def test_a_period_is_defined_and_waits_to_be_opened(self, of: Plan, person: Any) -> None:
        found = actions.define_period(of, by=person(), **half_year())
        assert (found.state, found.name) == (PeriodState.PLANNED, "1–6月")
        assert Entry.objects.filter(event="period.define", subject_id=found.pk).count() == 1

    @pytest.mark.parametrize("person", [reporter, leader])
    def test_others_may_not(self, of: Plan, person: Any) -> None:
        with pytest.raises(PermissionDenied):
            actions.define_period(of, by=person(), **half_year())

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"ends_on": date(2017, 6, 30)}, "截止日不能早于起始日"),
            ({"deadline": end_of_day(date(2018, 7, 1))}, "报送时限不能早于开放日"),
            ({"ends_on": date(2018, 6, 29)}, "6、12 月的最后一天"),
            ({"ends_on": date(2018, 9, 30)}, "6、12 月的最后一天"),
            ({"starts_on": date(2014, 1, 1)}, "2015—2020年"),
            ({"kind": PeriodKind.YEAR, "ends_on": date(2021, 12, 31), "opens_on": date(2018, 1, 1)}, "2015—2020年"),
            ({"name": "  "}, "不能为空|必填|空"),
            ({"code": "一季度"}, "字母"),
        ],
    )
    def test_days_and_names_that_make_no_period_are_refused(
        self, of: Plan, changed: dict[str, Any], words: str
    ) -> None:
        with pytest.raises(ValidationError, match=words):
            actions.define_period(of, by=reviewer(), **half_year(**changed))
        assert ReportingPeriod.objects.count() == 0

    def test_the_same_days_are_not_reported_twice(self, of: Plan) -> None:
        actions.define_period(of, by=reviewer(), **half_year())
        with pytest.raises(ValidationError, match="已有同一类别、起止日相同的报告期"):
            actions.define_period(of, by=reviewer(), **half_year(code="again"))

    def test_a_code_names_one_period_of_a_plan(self, of: Plan) -> None:
        actions.define_period(of, by=reviewer(), **half_year(kind=PeriodKind.SPECIAL))
        with pytest.raises(ValidationError, match="这个规划已有代码相同的报告期，请换一个代码。"):
            actions.define_period(of, by=reviewer(), **half_year(kind=PeriodKind.SPECIAL))

    def test_a_special_round_ends_on_any_day_and_may_come_twice(self, of: Plan) -> None:
        odd = half_year(kind=PeriodKind.SPECIAL, ends_on=date(2018, 6, 29))
        for code in ("first", "second"):
            actions.define_period(of, by=reviewer(), **(odd | {"code": code}))
        assert of.periods.count() == 2

    def test_the_database_holds_the_order_of_days_too(self, of: Plan) -> None:
        due = period(of=of)
        with pytest.raises(Refused, match="不能早于开放日"), recorded(by=None, reason="测试"):
            ReportingPeriod.objects.filter(pk=due.pk).update(deadline=end_of_day(date(2018, 6, 29)))


class TestRedefine:
    def test_what_nobody_has_opened_is_changed_with_a_reason(self, of: Plan) -> None:
        found = actions.define_period(of, by=reviewer(), **half_year())
        actions.redefine_period(found, by=system_administrator(), reason="国庆顺延", opens_on=date(2018, 7, 3))
        found.refresh_from_db()
        assert found.opens_on == date(2018, 7, 3)
        assert Entry.objects.get(event="period.redefine").detail == {"fields": ["opens_on"]}

    def test_without_a_reason_nothing_changes(self, of: Plan) -> None:
        found = actions.define_period(of, by=reviewer(), **half_year())
        with pytest.raises(ValidationError, match="理由"):
            actions.redefine_period(found, by=reviewer(), reason=" ", name="另名")

    def test_an_open_period_keeps_what_it_is(self, of: Plan) -> None:
        with pytest.raises(StaleState, match="变更报送时限"):
            actions.redefine_period(period(of=of), by=reviewer(), reason="改名", name="另名")

    def test_a_reporter_may_not(self, of: Plan) -> None:
        found = actions.define_period(of, by=reviewer(), **half_year())
        with pytest.raises(PermissionDenied):
            actions.redefine_period(found, by=reporter(), reason="改名", name="另名")


class TestDeadline:
    def test_it_moves_with_a_reason(self, of: Plan) -> None:
        due = period(of=of)
        actions.change_deadline(due, by=reviewer(), deadline=in_days(20), reason="台风")
        due.refresh_from_db()
        assert due.deadline == in_days(20)
        told = Entry.objects.select_related("change").get(event="period.change_deadline")
        assert told.change.reason == "台风"

    def test_a_deadline_that_has_passed_is_refused(self, of: Plan) -> None:
        with pytest.raises(ValidationError, match="已经过去"):
            actions.change_deadline(period(of=of), by=reviewer(), deadline=now() - LATER, reason="台风")

    def test_the_same_deadline_is_no_change(self, of: Plan) -> None:
        due = period(of=of, deadline=in_days(20))
        with pytest.raises(ValidationError, match="相同"):
            actions.change_deadline(due, by=reviewer(), deadline=in_days(20), reason="台风")

    @pytest.mark.parametrize("state", [PeriodState.PLANNED, PeriodState.CLOSED])
    def test_only_an_open_period_has_one_to_change(self, of: Plan, state: PeriodState) -> None:
        due = period(of=of, state=state)
        with pytest.raises(StaleState, match="只有填报中的"):
            actions.change_deadline(due, by=reviewer(), deadline=in_days(20), reason="台风")

    @pytest.mark.parametrize("person", [reporter, leader, system_administrator])
    def test_it_is_a_reviewers_to_do(self, of: Plan, person: Any) -> None:
        with pytest.raises(PermissionDenied):
            actions.change_deadline(period(of=of), by=person(), deadline=in_days(20), reason="台风")


class TestShortNotice:
    def noticed(self, due: ReportingPeriod) -> str:
        return ReportingPeriod.objects.get(pk=due.pk).short_notice_reason

    def test_brought_forward_to_a_few_days_the_reason_is_kept(self, of: Plan) -> None:
        due = period(of=of, deadline=in_days(30))
        actions.change_deadline(due, by=reviewer(), deadline=in_days(3), reason="上级要求提前")
        assert self.noticed(due) == "上级要求提前"

    def test_put_off_by_a_few_days_it_is_no_short_notice(self, of: Plan) -> None:
        due = period(of=of, deadline=in_days(1))
        actions.change_deadline(due, by=reviewer(), deadline=in_days(3), reason="台风")
        assert self.noticed(due) == ""

    def test_put_off_far_enough_there_is_none_any_more(self, of: Plan) -> None:
        due = period(of=of, deadline=in_days(30))
        actions.change_deadline(due, by=reviewer(), deadline=in_days(3), reason="上级要求提前")
        actions.change_deadline(due, by=reviewer(), deadline=in_days(20), reason="上级同意延后")
        assert self.noticed(due) == ""

    def test_opened_again_for_a_few_days_the_reason_is_kept(self, of: Plan) -> None:
        due = period(of=of, state=PeriodState.CLOSED)
        actions.reopen_for_reporting(due, by=reviewer(), deadline=in_days(3), reason="补报")
        assert self.noticed(due) == "补报"


class TestClosing:
    def closed(self, of: Plan, by: User | None = None) -> ReportingPeriod:
        due = period(of=of)
        actions.close_for_reporting(due, by=by or reviewer(), reason="已收齐", owed=["甲：草稿"])
        return due

    def test_who_closed_it_when_and_what_was_owed_is_kept(self, of: Plan) -> None:
        who = reviewer()
        due = self.closed(of, who)
        due.refresh_from_db()
        assert (due.state, due.closed_by, due.closed_at is not None) == (PeriodState.CLOSED, who, True)
        assert Entry.objects.get(event="reportingperiod.close_period").detail["owed"] == ["甲：草稿"]

    def test_pressed_twice_the_second_is_told(self, of: Plan) -> None:
        due = self.closed(of)
        with pytest.raises(StaleState, match="已关闭"):
            actions.close_for_reporting(due, by=reviewer(), reason="已收齐", owed=[])

    def test_a_leader_may_not(self, of: Plan) -> None:
        with pytest.raises(PermissionDenied):
            self.closed(of, leader())

    def test_it_opens_again_with_a_deadline_to_come(self, of: Plan) -> None:
        due = self.closed(of)
        actions.reopen_for_reporting(due, by=reviewer(), deadline=in_days(9), reason="补报")
        due.refresh_from_db()
        assert (due.state, due.deadline, due.closed_by, due.closed_at) == (PeriodState.OPEN, in_days(9), None, None)

    def test_a_deadline_that_has_passed_opens_nothing(self, of: Plan) -> None:
        due = self.closed(of)
        with pytest.raises(ValidationError, match="已经过去"):
            actions.reopen_for_reporting(due, by=reviewer(), deadline=now() - LATER, reason="补报")

    def test_what_is_open_is_not_opened_again(self, of: Plan) -> None:
        with pytest.raises(StaleState):
            actions.reopen_for_reporting(period(of=of), by=reviewer(), deadline=in_days(9), reason="补报")

    def test_a_closed_period_has_its_time(self, of: Plan) -> None:
        due = period(of=of)
        with pytest.raises(IntegrityError, match="closed_period_has_its_time"), recorded(by=None, reason="测试"):
            ReportingPeriod.objects.filter(pk=due.pk).update(state=PeriodState.CLOSED)

    @pytest.mark.parametrize(
        ("state", "written", "words"),
        [
            (PeriodState.OPEN, {"ends_on": date(2018, 12, 31)}, "起止日和类别不能改变"),
            (PeriodState.OPEN, {"opened_at": in_days(0)}, "只能随报告期的状态改变"),
            (PeriodState.OPEN, {"short_notice_reason": "急"}, "只能随报告期的状态或报送时限改变"),
            (PeriodState.CLOSED, {"deadline": in_days(9)}, "不能变更报送时限"),
        ],
    )
    def test_the_database_keeps_what_was_opened_and_closed(
        self, of: Plan, state: PeriodState, written: dict[str, Any], words: str
    ) -> None:
        due = period(of=of, state=state)
        with pytest.raises(Refused, match=words), recorded(by=None, reason="测试"):
            ReportingPeriod.objects.filter(pk=due.pk).update(**written)
