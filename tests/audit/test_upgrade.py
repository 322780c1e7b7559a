"""A database from before there were seals: all its history stays, is sealed from then on, and says since when. And one whose
seals are of an older format than the program's."""

import io
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from audit.canonical import FORMATS, SHA256, Format, Hash
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


@pytest.fixture(params=[SHA256, Hash("sha512", "sha512", 64)], ids=["head", "hash"])
def next_version(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[Format]:
    """The next version of the program knows a second format; afterwards the database is this version's again."""
    form = Format(2, request.param)
    yield form
    FORMATS.pop(2, None)
    call_command("migrate", verbosity=0)


class TestANewFormat:
    def test_whole_migrate_goes_on_from_the_old_chain_and_says_so(self, next_version: Format) -> None:
        write_plans("a", "b")
        old, rows = list(Seal.objects.values_list("sequence", "digest")), WrittenRows.objects.count()
        FORMATS[2] = next_version
        for _ in range(2):  # the second time opens no third epoch
            call_command("migrate", verbosity=0)
            assert list(Epoch.objects.values_list("number", "format")) == [(1, 1), (2, 2)]
        assert list(Seal.objects.values_list("sequence", "digest")[: len(old)]) == old
        opening = Seal.objects.get(epoch=2)
        assert (opening.change, bytes(opening.previous)) == (None, bytes(old[-1][1]))
        assert WrittenRows.objects.count() == rows + 1  # the epoch itself: what was sealed stays sealed as it was
        write_plans("c")
        assert len(Seal.objects.latest("sequence").digest) == next_version.hash.size
        out = io.StringIO()
        call_command("verify_history", stdout=out)
        assert "第1期 自 " in out.getvalue()
        assert "第2期 自 " in out.getvalue()
        assert "没有发现问题" in out.getvalue()

    def test_what_is_altered_on_either_side_is_found(self, next_version: Format) -> None:
        write_plans("a")
        FORMATS[2] = next_version
        call_command("migrate", verbosity=0)
        write_plans("b")
        with psycopg.connect(**connections["owner"].get_connection_params()) as owner:
            owner.execute("UPDATE plans_historicalplan SET name = '别的'")
        assert [each.kind for each in verify().findings.listed].count(Kind.ALTERED) == 2

    def test_a_version_that_does_not_know_the_format_says_so(self, next_version: Format) -> None:
        FORMATS[2] = next_version
        call_command("migrate", verbosity=0)
        del FORMATS[2]
        assert [each.kind for each in verify().findings.listed if each.kind is Kind.UNKNOWN] == [Kind.UNKNOWN]


def write_plans(*codes: str) -> None:
    for code in codes:
        with recorded(by=None, reason=f"新建{code}"):
            Plan.objects.create(code=code, name="规划", base_year=2020, first_year=2021, last_year=2025)
