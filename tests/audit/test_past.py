"""Rows as they were at a moment."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connections

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


def test_only_the_rows_that_were_asked_for_come() -> None:
    plan, (moment,) = named("甲")
    assert rows_at(Plan, [], moment) == []
    assert rows_at(Plan, [plan.pk + 1], moment) == []
