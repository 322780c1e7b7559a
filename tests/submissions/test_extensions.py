"""A later deadline for one form, and whether a period takes anything late."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from audit.clock import now, set_to, today
from audit.moves import StaleState
from audit.recording import Refused, entries_of, recorded
from organisations.models import Role, User
from plans import actions as plans_actions
from plans.calendar import end_of_day
from plans.models import PeriodState
from reminders.news import news_notices
from submissions import actions
from submissions.models import Extension, Submission
from tests.factories.indicators import indicator
from tests.factories.organisations import leader, person, reporter, reviewer
from tests.factories.plans import period
from tests.factories.submissions import opened, saved
from tests.submissions.pages import client_of, of, text

pytestmark = pytest.mark.django_db


def in_days(number: int) -> datetime:
    return end_of_day(today() + timedelta(days=number))


@pytest.fixture
def by() -> User:
    return reporter()


@pytest.fixture
def form(by: User) -> Submission:
    """A filled form of a period whose deadline lies in ten days."""
    row = indicator(lead=by.organisation)
    found = opened(row, of=period(of=row.plan, state=PeriodState.PLANNED, deadline=in_days(10)))
    saved(found.figures.get(), "50", by=by)
    return Submission.objects.select_related("period__plan", "organisation").get(pk=found.pk)


def fresh(form: Submission) -> Submission:
    return Submission.objects.select_related("period__plan", "organisation").get(pk=form.pk)


def ask(form: Submission, by: User, **words: object) -> Extension:
    return actions.ask_for_extension(form, **({"by": by, "until": in_days(20), "reason": "数据未出"} | words))


class TestAsk:
    def test_until_the_answer_the_old_deadline_holds(self, form: Submission, by: User) -> None:
        before = form.deadline
        ask(form, by)
        assert fresh(form).deadline == before
        assert entries_of(form).first().event == "submission.ask_for_extension"

    def test_only_the_organisations_reporters_ask(self, form: Submission) -> None:
        for stranger in (reporter(), reviewer(), person(Role.HEAD, at=form.organisation)):
            with pytest.raises(PermissionDenied):
                ask(form, stranger)

    @pytest.mark.parametrize("words", [{"reason": " "}, {"until": in_days(9)}, {"until": in_days(-1)}])
    def test_it_names_a_later_day_and_a_reason(self, form: Submission, by: User, words: dict) -> None:
        with pytest.raises(ValidationError):
            ask(form, by, **words)

    def test_pressed_twice_there_is_one_request(self, form: Submission, by: User) -> None:
        ask(form, by)
        with pytest.raises(ValidationError, match="已有一份延期申请"):
            ask(form, by)

    def test_what_came_in_needs_none(self, form: Submission, by: User) -> None:
        actions.submit(form, by=by)
        with pytest.raises(StaleState, match="还没有报送过"):
            ask(form, by)

    def test_nor_does_a_closed_period_grant_one(self, form: Submission, by: User) -> None:
        actions.close_period(form.period, by=reviewer(), reason="到期")
        with pytest.raises(StaleState, match="已关闭填报"):
            ask(form, by)


class TestAnswer:
    def test_granted_the_form_has_the_deadline_that_was_asked_for(self, form: Submission, by: User) -> None:
        actions.grant_extension(ask(form, by), by=reviewer())
        assert fresh(form).deadline == in_days(20)
        assert fresh(form).period.deadline == in_days(10)

    def test_or_another_one(self, form: Submission, by: User) -> None:
        actions.grant_extension(ask(form, by), by=reviewer(), deadline=in_days(15), answer="先报快报数")
        assert fresh(form).deadline == in_days(15)

    def test_no_earlier_one(self, form: Submission, by: User) -> None:
        with pytest.raises(ValidationError, match="应晚于"):
            actions.grant_extension(ask(form, by), by=reviewer(), deadline=in_days(9))

    def test_refused_it_stays_and_says_why(self, form: Submission, by: User) -> None:
        asked = ask(form, by)
        with pytest.raises(ValidationError):
            actions.refuse_extension(asked, by=reviewer(), answer=" ")
        actions.refuse_extension(asked, by=reviewer(), answer="已有快报数")
        assert fresh(form).deadline == in_days(10)

    def test_answered_twice_the_second_is_told(self, form: Submission, by: User) -> None:
        asked = ask(form, by)
        actions.refuse_extension(asked, by=reviewer(), answer="已有快报数")
        with pytest.raises(StaleState):
            actions.grant_extension(asked, by=reviewer())

    def test_what_came_in_meanwhile_is_told(self, form: Submission, by: User) -> None:
        asked = ask(form, by)
        actions.submit(form, by=by)
        with pytest.raises(StaleState, match="还没有报送过"):
            actions.grant_extension(asked, by=reviewer())

    def test_it_is_a_reviewers_to_answer_and_not_for_their_own_organisation(self, form: Submission, by: User) -> None:
        asked = ask(form, by)
        for who in (leader(), by, person(Role.REPORTER, Role.REVIEWER, at=form.organisation)):
            with pytest.raises(PermissionDenied):
                actions.grant_extension(asked, by=who)

    def test_the_organisation_hears_of_either(self, form: Submission, by: User) -> None:
        actions.grant_extension(ask(form, by), by=reviewer())
        told = [draft.subject for draft in news_notices(today()) if draft.recipient == by]
        assert any("报送时限已变更" in words for words in told)

    def test_the_reviewers_hear_that_one_is_asked_for(self, form: Submission, by: User) -> None:
        who = reviewer()
        ask(form, by)
        assert any("申请延期" in draft.subject for draft in news_notices(today()) if draft.recipient == who)


class TestDeadline:
    def test_nothing_else_changes_it(self, form: Submission) -> None:
        with pytest.raises(Refused, match="只能随报告期变更"), recorded(by=reviewer(), reason="测试"):
            Submission.objects.filter(pk=form.pk).update(deadline=in_days(30))

    def test_a_granted_one_outlives_a_shorter_one_of_the_period(self, form: Submission, by: User) -> None:
        actions.grant_extension(ask(form, by), by=reviewer())
        actions.change_deadline(form.period, by=reviewer(), deadline=in_days(12), reason="提前")
        assert fresh(form).deadline == in_days(20)
        actions.change_deadline(form.period, by=reviewer(), deadline=in_days(25), reason="顺延")
        assert fresh(form).deadline == in_days(25)


class TestLate:
    def forbid(self, form: Submission) -> None:
        plans_actions.allow_late(form.period, by=reviewer(), allowed=False, reason="统一汇总")

    def test_where_nothing_is_taken_late_a_first_round_comes_in_time_or_not(self, form: Submission, by: User) -> None:
        self.forbid(form)
        with set_to(form.deadline + timedelta(seconds=1)), pytest.raises(StaleState, match="不接受逾期报送"):
            actions.submit(form, by=by)
        with set_to(form.deadline):
            assert actions.submit(form, by=by).round == 1

    def test_the_head_confirms_in_time_too(self, form: Submission, by: User) -> None:
        self.forbid(form)
        with recorded(by=None, reason="测试"):
            form.organisation.needs_confirmation = True
            form.organisation.save()
        actions.submit(form, by=by)
        head = person(Role.HEAD, at=form.organisation)
        with set_to(form.deadline + timedelta(days=1)), pytest.raises(StaleState, match="不接受逾期报送"):
            actions.confirm(form, by=head)

    def test_what_was_returned_comes_in_again_after_it(self, form: Submission, by: User) -> None:
        self.forbid(form)
        actions.submit(form, by=by)
        actions.return_for_correction(form, by=reviewer(), round=1, remarks={form.figures.get(): ["请核实"]})
        with set_to(form.deadline + timedelta(days=1)):
            saved(form.figures.get(), "51", by=by)
            assert actions.submit(form, by=by).round == 2

    def test_an_extension_lets_it_in(self, form: Submission, by: User) -> None:
        self.forbid(form)
        actions.grant_extension(ask(form, by), by=reviewer())
        with set_to(in_days(15)):
            assert actions.submit(form, by=by).round == 1

    def test_it_is_said_once_and_with_a_reason(self, form: Submission) -> None:
        self.forbid(form)
        with pytest.raises(ValidationError, match="已经不允许"):
            self.forbid(form)
        with pytest.raises(ValidationError, match="理由"):
            plans_actions.allow_late(form.period, by=reviewer(), allowed=True, reason=" ")
        with pytest.raises(PermissionDenied):
            plans_actions.allow_late(form.period, by=leader(), allowed=True, reason="放宽")

    def test_a_closed_period_is_not_asked(self, form: Submission) -> None:
        actions.close_period(form.period, by=reviewer(), reason="到期")
        with pytest.raises(StaleState, match="只有填报中的"):
            self.forbid(form)


class TestPages:
    def test_the_reporter_asks_and_the_reviewer_grants(self, form: Submission, by: User) -> None:
        assert "申请延期" in text(by, of(form, "form"))
        sent = {"until": in_days(20).date().isoformat(), "reason": "数据未出"}
        client_of(by).post(of(form, "ask_for_extension"), sent)
        assert "已有一份延期申请在办理" in text(by, of(form, "ask_for_extension"))
        who = reviewer()
        for url in ("queue", "periods"):
            assert "申请延至" in text(who, reverse(f"submissions:{url}", args=[form.period.plan.code]))
        assert "数据未出" in text(who, of(form, "review"))
        client_of(who).post(of(form, "answer_extension"), {"decision": "grant", "due_on": "", "answer": ""})
        assert Extension.objects.get().state == "granted"

    def test_a_refusal_keeps_what_was_typed(self, form: Submission, by: User) -> None:
        sent = {"until": today().isoformat(), "reason": "数据未出"}
        answered = client_of(by).post(of(form, "ask_for_extension"), sent)
        assert answered.status_code == 422
        assert "数据未出" in answered.content.decode()

    def test_the_period_says_that_it_takes_nothing_late(self, form: Submission) -> None:
        who, plan_code = reviewer(), form.period.plan.code
        url = reverse("submissions:allow_late", args=[plan_code, form.period.code])
        assert "不再接受逾期报送" in text(who, url)
        client_of(who).post(url, {"allowed": "no", "reason": "统一汇总"})
        assert "不接受逾期报送" in text(who, reverse("submissions:periods", args=[plan_code]))


class TestCorrectionOfAPeriod:
    def approved(self, form: Submission, by: User) -> None:
        actions.submit(form, by=by)
        actions.approve(form, by=reviewer(), round=1)

    def call(self, form: Submission, by: User | None = None, **words: object):
        given = {"by": by or reviewer(), "deadline": in_days(30), "reason": "口径调整"} | words
        return actions.call_for_corrections(form.period, **given)

    def test_every_approved_form_opens_with_all_its_figures(self, form: Submission, by: User) -> None:
        self.approved(form, by)
        made, left = self.call(form)
        assert (len(made), left) == (1, [])
        assert (fresh(form).state, fresh(form).due_at) == ("reopened", in_days(30))
        assert form.figures.get().state == "correcting"
        saved(form.figures.get(), "51", by=by)
        actions.submit(form, by=by)
        actions.approve(form, by=reviewer(), round=2)
        stages = form.figures.get().published_values.order_by("sequence").values_list("stage", flat=True)
        assert list(stages) == ["preliminary", "revised"]

    def test_one_that_is_being_corrected_is_left(self, form: Submission, by: User) -> None:
        self.approved(form, by)
        actions.ask_for_correction(form, by=by, whole=True, reason="笔误")
        with pytest.raises(ValidationError, match="没有可以要求更正的"):
            self.call(form)

    def test_who_had_a_hand_in_it_calls_for_none(self, form: Submission, by: User) -> None:
        both = person(Role.REPORTER, Role.REVIEWER, at=form.organisation)
        saved(form.figures.get(), "52", by=both)
        self.approved(form, by)
        with pytest.raises(ValidationError, match="没有可以要求更正的"):
            self.call(form, both)

    def test_it_is_a_reviewers_with_a_reason_and_a_day_to_come(self, form: Submission, by: User) -> None:
        self.approved(form, by)
        with pytest.raises(PermissionDenied):
            self.call(form, leader())
        for words in ({"reason": " "}, {"deadline": now() - timedelta(days=1)}):
            with pytest.raises(ValidationError):
                self.call(form, **words)

    def test_the_page_lists_them_first(self, form: Submission, by: User) -> None:
        self.approved(form, by)
        who = reviewer()
        url = reverse("submissions:call_for_corrections", args=[form.period.plan.code, form.period.code])
        assert form.organisation_name in text(who, url)
        client_of(who).post(url, {"due_on": in_days(30).date().isoformat(), "reason": "口径调整"})
        assert fresh(form).state == "reopened"
        assert "专项小组要求更正" in text(by, of(form, "ask_for_correction"))

    def test_the_unit_asks_for_its_whole_form(self, form: Submission, by: User) -> None:
        self.approved(form, by)
        client_of(by).post(of(form, "ask_for_correction"), {"whole": "1", "reason": "口径调整"})
        assert form.corrections.get().figures == [form.figures.get().pk]
        sent = {"decision": "agree", "due_on": in_days(40).date().isoformat()}
        client_of(reviewer()).post(of(form, "answer_correction"), sent)
        assert fresh(form).due_at == in_days(40)
