"""The pages of reporting periods: the list, and one page for each verb."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from organisations.models import User
from plans.calendar import end_of_day, local_day
from plans.models import PeriodState, ReportingPeriod
from submissions.actions import close_period
from tests.factories.indicators import indicator
from tests.factories.organisations import auditor, leader, organisation, reporter, reviewer
from tests.factories.plans import period, plan
from tests.factories.submissions import opened, submitted
from tests.submissions.pages import client_of, of, queries, text

pytestmark = pytest.mark.django_db
SOON = timezone.localdate() + timedelta(days=12)
HALF_YEAR = {
    "name": "1–6月",
    "code": "2018-h1",
    "kind": "half_year",
    "starts_on": "2018-01-01",
    "ends_on": "2018-06-30",
    "opens_on": "2018-07-02",
    "due_on": "2018-07-13",
}


def listed(row: Any) -> str:
    return reverse("submissions:periods", args=[row.code])


def url(row: ReportingPeriod, name: str) -> str:
    return reverse(f"submissions:{name}", args=[row.plan.code, row.code])


def pressed(by: User, row: ReportingPeriod, verb: str, /, **typed: object) -> HttpResponse:
    return client_of(by).post(url(row, verb), typed)


class TestList:
    def test_it_tells_state_deadline_and_forms_by_state(self) -> None:
        form = submitted(reporter())
        shown = text(reviewer(), listed(form.period.plan))
        assert "填报中" in shown
        assert f"{timezone.localtime(form.deadline):%Y-%m-%d %H:%M}" in shown
        assert f"?period={form.period.code}&amp;state=submitted" in shown
        assert "已提交 1" in shown

    def test_each_state_offers_its_own_verbs(self) -> None:
        of = plan()
        waiting = period(of=of, state=PeriodState.PLANNED)
        going_on = period(of=of)
        done = period(of=of)
        close_period(done, by=reviewer(), reason="已收齐")
        shown = text(reviewer(), listed(of))
        for row, names in (
            (waiting, ["open_period", "redefine_period"]),
            (going_on, ["change_deadline", "close_period"]),
            (done, ["reopen_period"]),
        ):
            every = ["open_period", "redefine_period", "change_deadline", "close_period", "reopen_period"]
            assert [name for name in every if url(row, name) in shown] == names

    @pytest.mark.parametrize("person", [leader, auditor])
    def test_who_reads_along_is_offered_none(self, person: Any) -> None:
        row = period()
        shown = text(person(), listed(row.plan))
        assert row.name in shown
        assert url(row, "close_period") not in shown

    def test_without_periods_it_says_what_comes_next(self) -> None:
        assert "还没有设置报告期" in text(reviewer(), listed(plan()))

    def test_its_queries_do_not_grow_with_periods(self) -> None:
        of, by = plan(), reviewer()
        period(of=of)
        few = queries(by, listed(of))
        for _ in range(3):
            opened(indicator(of=of, lead=organisation()))
        assert queries(by, listed(of)) == few


class TestDefine:
    def test_a_press_defines_it(self) -> None:
        of = plan()
        answered = client_of(reviewer()).post(reverse("submissions:define_period", args=[of.code]), HALF_YEAR)
        found = of.periods.get()
        assert answered["Location"] == listed(of)
        assert (found.name, found.ends_on, local_day(found.deadline)) == (
            "1–6月",
            date(2018, 6, 30),
            date(2018, 7, 13),
        )

    def test_a_refusal_keeps_what_was_typed(self) -> None:
        of = plan()
        typed = HALF_YEAR | {"ends_on": "2018-06-29"}
        answered = client_of(reviewer()).post(reverse("submissions:define_period", args=[of.code]), typed)
        shown = answered.content.decode()
        assert answered.status_code == 422
        assert "月的最后一天" in shown
        assert 'value="2018-06-29"' in shown

    def test_a_planned_one_is_changed_with_a_reason(self) -> None:
        row = period(state=PeriodState.PLANNED)
        pressed(reviewer(), row, "redefine_period", **(HALF_YEAR | {"code": row.code}))
        row.refresh_from_db()
        assert row.name != "1–6月"
        pressed(reviewer(), row, "redefine_period", **(HALF_YEAR | {"code": row.code, "reason": "改期"}))
        row.refresh_from_db()
        assert row.name == "1–6月"


class TestDeadline:
    def test_a_press_moves_it_for_every_form(self) -> None:
        form = opened(indicator(lead=organisation()))
        pressed(reviewer(), form.period, "change_deadline", due_on=SOON.isoformat(), reason="台风")
        form.refresh_from_db()
        assert local_day(form.deadline) == SOON

    def test_reporters_read_why_the_notice_is_short(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation), deadline=end_of_day(SOON))
        soon = (timezone.localdate() + timedelta(days=2)).isoformat()
        pressed(reviewer(), form.period, "change_deadline", due_on=soon, reason="上级要求提前")
        assert "上级要求提前" in text(by, of(form, "form"))

    def test_who_still_owes_one_is_listed_first(self) -> None:
        form = opened(indicator(lead=organisation()))
        assert form.organisation_name in text(reviewer(), url(form.period, "change_deadline"))

    def test_a_day_that_has_passed_is_refused_in_words(self) -> None:
        answered = pressed(reviewer(), period(), "change_deadline", due_on="2018-07-13", reason="台风")
        assert (answered.status_code, "已经过去" in answered.content.decode()) == (422, True)


class TestClose:
    def test_it_first_lists_what_is_owed_by_whom(self) -> None:
        form = opened(indicator(lead=organisation()))
        shown = text(reviewer(), url(form.period, "close_period"))
        assert form.organisation_name in shown
        assert "1 张记为未报" in shown

    def test_a_press_closes_it(self) -> None:
        row = period()
        pressed(reviewer(), row, "close_period", reason="已收齐")
        row.refresh_from_db()
        assert row.state == PeriodState.CLOSED

    def test_without_a_reason_it_stays_open(self) -> None:
        row = period()
        assert pressed(reviewer(), row, "close_period", reason="").status_code == 422
        row.refresh_from_db()
        assert row.state == PeriodState.OPEN

    def test_its_reporter_is_told_on_the_form(self) -> None:
        by = reporter()
        form = opened(indicator(lead=by.organisation))
        pressed(reviewer(), form.period, "close_period", reason="不再等候")
        assert "已关闭填报" in text(by, of(form, "form"))

    def test_it_opens_again(self) -> None:
        row = period()
        close_period(row, by=reviewer(), reason="已收齐")
        pressed(reviewer(), row, "reopen_period", due_on=SOON.isoformat(), reason="补报")
        row.refresh_from_db()
        assert (row.state, local_day(row.deadline)) == (PeriodState.OPEN, SOON)
