"""Rows as they were at a moment."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connections

from audit.models import Seal
from audit.past import rows_at
from audit.recording import recorded
from plans.models import Plan

pytestmark = pytest.mark.django_db(transaction=True)


def named(*names: str) -> tuple[Plan, list[Any]]:
    """A plan that had these names one after another, and the moment of each."""
    moments, plan = [], Plan(code="p", base_year=2020, first_year=2021, last_year=2025)
    for name in names:
        with recorded(by=None, reason="改名"):
            plan.name = name
            plan.save()
        moments.append(Plan.history.latest("history_id").history_date)
    return plan, moments


def renamed(plan: Plan, name: str) -> None:
    with recorded(by=None, reason="改名"):
        Plan.objects.filter(pk=plan.pk).update(name=name)


def test_a_row_is_as_it_was_at_each_moment() -> None:
    plan, moments = named("甲", "乙", "丙")
    assert [rows_at(Plan, [plan.pk], moment)[0].name for moment in moments] == ["甲", "乙", "丙"]


def test_before_it_was_made_it_was_not_there() -> None:
    plan, (moment,) = named("甲")
    assert rows_at(Plan, [plan.pk], moment - timedelta(seconds=1)) == []


def test_after_it_was_deleted_it_was_not_there() -> None:
    plan, (moment,) = named("甲")
    with psycopg.connect(**connections["owner"].get_connection_params()) as owner:
        owner.execute("SELECT audit_open_change(NULL, '系统', '', '', '删除', 'command', '')")
        owner.execute("DELETE FROM plans_plan WHERE id = %s", [plan.pk])
    assert [row.name for row in rows_at(Plan, [plan.pk], moment)] == ["甲"]
    assert rows_at(Plan, [plan.pk], moment + timedelta(minutes=1)) == []


def test_of_two_versions_at_one_moment_the_last_counts() -> None:
    plan, _ = named("甲")
    with recorded(by=None, reason="两次"):
        for name in ("乙", "丙"):
            Plan.objects.filter(pk=plan.pk).update(name=name)
    moment = Plan.history.latest("history_id").history_date
    assert [row.name for row in rows_at(Plan, [plan.pk], moment + timedelta(minutes=1))] == ["丙"]


@pytest.fixture
def ahead() -> list[Any]:
    """The second of three names was given while the clock was a day ahead; its moment and those of the other two."""
    with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as owner:
        (function,) = owner.execute("SELECT pg_get_functiondef('audit_add_seal'::regproc)").fetchone()
        clock = "moment := clock_timestamp()"
        plan, (first,) = named("甲")
        owner.execute(function.replace(clock, clock + " + interval '1 day'"))
        try:
            renamed(plan, "乙")
        finally:
            owner.execute(function)
        for switch in ("DISABLE", "ENABLE"):
            owner.execute(f"ALTER TABLE plans_historicalplan {switch} TRIGGER USER")
            if switch == "DISABLE":
                owner.execute(
                    "UPDATE plans_historicalplan SET history_date = history_date + interval '1 day' WHERE name = '乙'"
                )
        renamed(plan, "丙")
    return [plan, first, *Plan.history.order_by("history_id").values_list("history_date", flat=True)[1:]]


def test_after_the_clock_jumped_back_the_last_written_counts(ahead: list[Any]) -> None:
    plan, first, second, third = ahead
    assert first < third < second
    assert [rows_at(Plan, [plan.pk], at)[0].name for at in (first, third, second)] == ["甲", "丙", "丙"]
    assert Seal.objects.filter(clock_went_back=True).count() == 1


def test_only_the_rows_that_were_asked_for_come() -> None:
    plan, (moment,) = named("甲")
    assert rows_at(Plan, [], moment) == []
    assert rows_at(Plan, [plan.pk + 1], moment) == []
