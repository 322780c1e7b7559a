"""Periods on the administration pages: the same verbs, the same refusals."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from plans.models import PeriodState, ReportingPeriod
from tests.factories.organisations import reviewer, system_administrator
from tests.factories.plans import period, plan

pytestmark = pytest.mark.django_db


def signed_in(who: Any) -> Client:
    client = Client()
    client.force_login(who, backend="organisations.backends.RoleBackend")
    return client


def typed(**fields: object) -> dict[str, object]:
    told = {
        "code": "2018-h1",
        "name": "1–6月",
        "kind": "half_year",
        "starts_on": "2018-01-01",
        "ends_on": "2018-06-30",
    }
    told |= {
        "opens_on": "2018-07-02",
        "deadline_0": "2018-07-13",
        "deadline_1": "18:00:00",
        "change_reason": "年度安排",
    }
    return told | fields


def page(row: ReportingPeriod) -> str:
    return reverse("admin:plans_reportingperiod_change", args=[row.pk])


def test_a_period_is_added_by_the_verb_in_one_change() -> None:
    of = plan()
    signed_in(system_administrator()).post(reverse("admin:plans_reportingperiod_add"), typed(plan=of.pk))
    found = ReportingPeriod.objects.get()
    entry = Entry.objects.get(event="period.define")
    assert (found.plan, entry.subject_id, entry.change.reason) == (of, found.pk, "年度安排")
    assert found.history.count() == 1


def test_what_the_verb_refuses_is_told_beside_the_form() -> None:
    answer = signed_in(system_administrator()).post(
        reverse("admin:plans_reportingperiod_add"), typed(plan=plan().pk, ends_on="2018-06-29")
    )
    assert "月的最后一天" in answer.content.decode()
    assert ReportingPeriod.objects.count() == 0


def test_a_planned_period_is_changed_by_the_verb() -> None:
    row = period(state=PeriodState.PLANNED)
    signed_in(system_administrator()).post(page(row), typed(code=row.code, name="改名"))
    row.refresh_from_db()
    assert row.name == "改名"
    assert Entry.objects.filter(event="period.redefine").exists()


def test_an_open_period_is_only_read() -> None:
    row = period()
    answer = signed_in(system_administrator()).post(page(row), typed(code=row.code, name="改名"))
    row.refresh_from_db()
    assert (answer.status_code, row.name == "改名") == (404, False)


def test_a_reviewer_closes_it_from_the_list() -> None:
    row = period()
    sent = {"action": "close_period", "_selected_action": [row.pk], "reason": "已收齐"}
    signed_in(reviewer()).post(reverse("admin:plans_reportingperiod_changelist"), sent)
    row.refresh_from_db()
    assert row.state == PeriodState.CLOSED
