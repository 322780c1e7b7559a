"""My desk: each role's own question answered first."""

from datetime import date

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone

from audit.clock import today
from evaluation.stages import THREE_STAGES
from organisations.models import Role
from plans.calendar import end_of_day, working_day_after
from plans.models import PeriodState
from submissions.actions import approve, ask_for_correction, return_for_correction, submit
from tests.factories.evaluation import case
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, organisation, person, reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import opened, published, saved, submitted
from tests.overview.pages import html_for, opened_by, signed_in

pytestmark = pytest.mark.django_db


def due_in(days: int):
    return end_of_day(working_day_after(today(), days))


def desk(user, of) -> str:
    return opened_by(user, f"/{of.code}/")


class TestTheReportersDesk:
    def test_says_how_much_is_owed_and_how_much_of_it_is_late(self) -> None:
        anna, of = reporter(), plan()
        opened(indicator(of=of, lead=anna.organisation), deadline=due_in(-2))
        opened(
            indicator(of=of, lead=anna.organisation), of=period(of=of, state=PeriodState.PLANNED, deadline=due_in(3))
        )
        text = desk(anna, of)
        assert f"{anna.name}，你有 2 件事要办，其中 1 件已逾期" in text
        assert text.index("已逾期 2 个工作日") < text.index("还剩 3 个工作日")

    def test_says_how_far_a_form_is(self) -> None:
        anna, of = reporter(), plan()
        found = opened(*[indicator(of=of, lead=anna.organisation) for _ in range(3)], deadline=due_in(3))
        saved(found.figures.first(), "5", by=anna)
        assert "共 3 项：已填 1 项，还差 2 项。" in desk(anna, of)

    def test_shows_every_reason_of_a_return_in_full(self) -> None:
        anna = reporter()
        form = submitted(anna, "51", "7", deadline=due_in(3))
        reasons = {form.figures.first(): ["与附表不一致，请核实。", "缺少名单。"]}
        return_for_correction(form, by=reviewer(), round=1, remarks=reasons)
        text = desk(anna, form.period.plan)
        assert "退回 1 项" in text
        assert "你报：51 理由一：与附表不一致，请核实。 理由二：缺少名单。" in text
        assert "其余 1 项不受影响，无须重填" in text

    def test_only_the_most_urgent_duty_has_the_filled_button(self) -> None:
        anna, of = reporter(), plan()
        for days in (1, 2, 3):
            row = indicator(of=of, lead=anna.organisation)
            opened(row, of=period(of=of, state=PeriodState.PLANNED, deadline=due_in(days)))
        assert html_for(anna, f"/{of.code}/").count("btn-primary") == 1

    def test_is_kind_when_it_is_empty(self) -> None:
        anna = reporter()
        form = submitted(anna, "51", deadline=due_in(3))
        of = form.period.plan
        period(
            of=of,
            state=PeriodState.PLANNED,
            name="下一季度",
            opens_on=date(2100, 4, 5),
            deadline=end_of_day(date(2100, 4, 20)),
        )
        text = desk(anna, of)
        assert "目前没有要你办的事" in text
        assert "等待专项小组审核" in text
        assert "下一季度填报表，4月5日（星期一）开放" in text

    def test_shows_nothing_of_another_organisation(self) -> None:
        anna = reporter()
        form = opened(indicator(lead=anna.organisation), deadline=due_in(3))
        assert "目前没有要你办的事" in desk(reporter(), form.period.plan)


class TestTheHeadsDesk:
    def test_lists_what_awaits_confirmation(self) -> None:
        home = organisation(needs_confirmation=True)
        anna, head = reporter(at=home), person(Role.HEAD, at=home)
        form = submitted(anna, "5", deadline=due_in(3))
        text = desk(head, form.period.plan)
        assert "有 1 张填报表等你确认" in text
        assert f"{anna.name}" in text
        assert "等你确认" not in desk(person(Role.HEAD), form.period.plan).replace("没有等你确认", "")


class TestTheReviewersDesk:
    def test_says_what_waits_who_has_not_filed_and_what_is_odd(self) -> None:
        anna, bela = reporter(), reporter()
        form = self.odd(anna)
        of = form.period.plan
        opened(
            indicator(of=of, lead=bela.organisation),
            of=period(of=of, state=PeriodState.PLANNED, deadline=due_in(-2)),
        )
        text = desk(reviewer(), of)
        assert "1 张填报表待审，2 张未报（2 张逾期）" in text
        assert "疑点 1 处" in text
        assert bela.organisation.name in text

    @staticmethod
    def odd(anna):
        of = plan()
        form = opened(indicator(of=of, lead=anna.organisation), deadline=due_in(3))
        saved(form.figures.get(), "501", by=anna, explanation="口径扩大。")
        return submit(form, by=anna)

    def test_leaves_out_a_form_that_the_reviewer_filled_in(self) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        form = submitted(both, "5", deadline=due_in(3))
        assert "没有待审的填报表" in desk(both, form.period.plan)
        assert "1 张填报表待审" in desk(reviewer(), form.period.plan)

    def test_shows_a_request_to_correct_with_its_reason(self) -> None:
        anna = reporter()
        form = submitted(anna, "5", deadline=due_in(3))
        approve(form, by=reviewer(), round=1)
        ask_for_correction(form, by=anna, whole=True, reason="年报已定案。")
        text = desk(reviewer(), form.period.plan)
        assert "1 份更正申请待答复" in text
        assert "年报已定案。" in text


class TestTheLeadersDesk:
    def test_says_how_many_lag_and_what_to_decide(self) -> None:
        of = plan()
        row = indicator(of=of, lead=organisation())
        published(row, "2", explanation="订单减少。")
        text = desk(leader(), of)
        assert "1 项指标中 1 项滞后，其中 1 项严重滞后；1 件事等你定" in text
        assert "原因：订单减少。" in text

    def test_names_the_conditions_that_hold_the_case_up(self) -> None:
        of = plan()
        indicator(of=of)
        case(of=of, stages=THREE_STAGES)
        assert "各项指标、任务、项目均有牵头单位" in desk(leader(), of)

    def test_shows_no_value_that_is_not_published(self) -> None:
        anna = reporter()
        form = submitted(anna, "77.125", deadline=due_in(3))
        assert "77.125" not in desk(leader(), form.period.plan)


class TestTheOthers:
    def test_an_auditor_has_one_search_box(self) -> None:
        assert html_for(auditor(), f"/{plan().code}/").count('type="search"') == 1

    def test_a_person_with_two_roles_sees_both_parts(self) -> None:
        both = person(Role.REPORTER, Role.REVIEWER)
        text = desk(both, plan())
        assert "填报人：" in text
        assert "审核人：" in text

    def test_a_person_without_a_role_is_told_whom_to_ask(self) -> None:
        assert "由安全管理员授予角色" in desk(person(), plan())

    def test_the_system_administrator_sees_who_cannot_sign_in_and_what_is_to_open(self) -> None:
        of = plan()
        AccessAttempt.objects.create(
            username="anna",
            ip_address="10.0.0.1",
            failures_since_start=settings.AXES_FAILURE_LIMIT,
            attempt_time=timezone.now(),
        )
        period(of=of, state=PeriodState.PLANNED, name="一季度", opens_on=today(), deadline=due_in(9))
        text = desk(person(Role.SYSTEM_ADMINISTRATOR), of)
        assert "1 个账号被锁定" in text
        assert "anna" in text
        assert "一季度" in text

    def test_the_security_administrator_sees_who_has_no_role(self) -> None:
        person(name="无角色者")
        assert "无角色者" in desk(person(Role.SECURITY_ADMINISTRATOR), plan())

    def test_the_security_auditor_sees_what_changed_about_people(self) -> None:
        assert "近 7 天：0 次密码输错" in desk(person(Role.SECURITY_AUDITOR), plan())


class TestItsQueries:
    @pytest.mark.parametrize("role", list(Role))
    def test_are_few_and_do_not_grow(self, role: str, django_assert_max_num_queries) -> None:
        home, of = organisation(), plan()
        who, anna = person(role, at=home), reporter(at=home)
        case(of=of, stages=THREE_STAGES)
        for days in range(1, 6):
            row = indicator(of=of, lead=home)
            published(row, "5", as_of=date(2017, 12, 31))
            form = opened(row, of=period(of=of, state=PeriodState.PLANNED, deadline=due_in(days)))
            if days > 2:
                for figure in form.figures.all():
                    saved(figure, "6", by=anna)
                submit(form, by=anna)
        client = signed_in(who)
        client.get(f"/{of.code}/")
        with django_assert_max_num_queries(20):
            client.get(f"/{of.code}/")
