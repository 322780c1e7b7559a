"""A database from before there were seals: all its history stays, is sealed from then on, and says since when."""

import io
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from audit.models import Change, Epoch, Seal, WrittenRows
from audit.recording import recorded
from audit.sealing import CHUNK
from audit.verification import Kind, verify
from plans.models import Plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

# As a version of the program without seals wrote it, for one table.
BEFORE = """
CREATE OR REPLACE FUNCTION audit_write_plans_plan() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $body$
DECLARE
    open_change audit_change%ROWTYPE;
BEGIN
    open_change := audit_current_change();
    INSERT INTO plans_historicalplan ({columns}, change_id, history_date, history_type, history_user_id, history_change_reason)
    SELECT {columns}, open_change.id, clock_timestamp(), '+', open_change.actor_id, open_change.reason FROM new_rows n;
    RETURN NULL;
END
$body$;
"""
OLD_PLANS = 3


@pytest.fixture
def before() -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to a database that was migrated back, with plans and their history."""
    call_command("migrate", "audit", "0003", verbosity=0)
    try:
        with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as owner:
            owner.execute(BEFORE.format(columns=columns()))
            for number in range(OLD_PLANS):
                write_as_before(f"old{number}")
            yield owner
    finally:
        with connections["owner"].cursor() as cursor:
            if "audit_seal" not in connections["owner"].introspection.table_names(cursor):
                call_command("migrate", verbosity=0)


def columns() -> str:
    fields = [field for field in Plan._meta.local_fields if not field.generated]
    return ", ".join(f'"{field.column}"' for field in fields)


def write_as_before(code: str) -> None:
    with psycopg.connect(**connections["default"].get_connection_params()) as application:
        application.execute("SELECT audit_open_change(NULL, '系统', '', '', '升级以前', 'command', '')")
        row = Plan(code=code, name="旧规划", base_year=2020, first_year=2021, last_year=2025)
        fields = [f for f in Plan._meta.local_fields if not f.generated and not f.primary_key]
        values = [f.get_db_prep_save(f.pre_save(row, add=True), connections["default"]) for f in fields]
        names = ", ".join(f'"{field.column}"' for field in fields)
        marks = ", ".join(["%s"] * len(fields))
        application.execute(f"INSERT INTO plans_plan ({names}) VALUES ({marks})", values)


def test_all_its_history_stays_and_is_sealed_from_then_on_as_it_says(before: Any) -> None:
    kept = before.execute("SELECT * FROM plans_historicalplan ORDER BY history_id").fetchall()
    assert len(kept) == OLD_PLANS
    for _ in range(2):  # the second time opens no second epoch
        call_command("migrate", verbosity=0)
        epoch, seal = Epoch.objects.get(), Seal.objects.get()
    assert before.execute("SELECT * FROM plans_historicalplan ORDER BY history_id").fetchall() == kept
    assert seal.row_count == 1 + 2 * OLD_PLANS  # the epoch, the changes, their versions
    assert epoch.opened_at > max(change.at for change in Change.objects.all())
    with recorded(by=None, reason="升级以后"):
        Plan.objects.create(code="new", name="新规划", base_year=2020, first_year=2021, last_year=2025)
    assert Seal.objects.count() == 2
    assert not Change.objects.filter(is_closed=False).exists()
    out = io.StringIO()
    call_command("verify_history", stdout=out)
    assert f"第1期 自 {timezone.localtime(epoch.opened_at):%Y-%m-%d %H:%M:%S}：自此开始封存" in out.getvalue()
    assert "没有发现问题" in out.getvalue()


def test_long_history_is_covered_in_portions_and_shows_what_was_altered_afterwards(before: Any) -> None:
    names = columns()
    before.execute(
        f"INSERT INTO plans_historicalplan ({names}, change_id, history_date, history_type)"
        f" SELECT {names}, change_id, history_date, '~' FROM plans_historicalplan, generate_series(1, {CHUNK})"
        " WHERE code = 'old0'"
    )
    call_command("migrate", verbosity=0)
    portions = WrittenRows.objects.filter(epoch=1, shape__table_name="plans_historicalplan").order_by("id")
    assert [len(each.row_ids) for each in portions] == [CHUNK, OLD_PLANS]
    (row,) = before.execute("SELECT min(history_id) FROM plans_historicalplan").fetchone()
    before.execute("UPDATE plans_historicalplan SET name = '别的' WHERE history_id = %s", [row])
    assert {(each.kind, each.place) for each in verify().findings.listed} == {
        (Kind.ALTERED, f"plans_historicalplan {row}")
    }
