"""The last verification of history is kept, and names the changes that don't fit."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from audit import checking
from audit.anchors import folder, kept, take
from audit.checking import NAME, check, last
from audit.jobs import check_history, take_anchor
from audit.models import Change
from audit.recording import record, recorded
from plans.models import Plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _folders(settings: Any, tmp_path: Path) -> None:
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(**connections["owner"].get_connection_params(), autocommit=True) as connection:
        yield connection


@pytest.fixture
def plan() -> Plan:
    with recorded(by=None, reason="新建"):
        plan = Plan.objects.create(code="a", name="规划", base_year=2020, first_year=2021, last_year=2025)
        record("plan.create", plan)
    return plan


def test_an_untouched_history_is_whole(plan: Plan) -> None:
    call_command("signing_key", stdout=io.StringIO())
    take("daily")
    check_history()
    checked = last()
    assert checked is not None
    assert checked.is_whole
    assert (checked.seals, checked.changes) == (3, [])
    assert checked.anchored is not None


def test_that_there_is_no_key_to_sign_with_is_said() -> None:
    take_anchor()  # fails nobody
    checked = check()
    assert checked.is_whole
    assert "没有签名密钥" in checked.unsigned
    assert last() == checked


def test_that_no_anchor_was_taken_for_days_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("signing_key", stdout=io.StringIO())
    take("daily")
    assert check().unsigned == ""
    monkeypatch.setattr(checking, "OVERDUE", timedelta(0))
    assert "此后没有取成" in check().unsigned


def test_before_the_first_check_nothing_is_said() -> None:
    assert last() is None


def test_a_file_that_cannot_be_read_says_nothing() -> None:
    folder().mkdir(parents=True)
    (folder() / NAME).write_text("{")
    assert last() is None


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE plans_historicalplan SET name = '别的'",
        "DELETE FROM plans_historicalplan",
        "UPDATE audit_entry SET subject_label = '别的'",
        "UPDATE audit_change SET reason = '别的'",
        "UPDATE audit_seal SET content = digest WHERE sequence = 2",
    ],
)
def test_the_change_that_was_tampered_with_is_named(plan: Plan, owner: Any, tampering: str) -> None:
    owner.execute(tampering)
    checked = check()
    assert not checked.is_whole
    assert Change.objects.get().pk in checked.changes


def test_a_row_that_differs_from_its_last_version_is_named_by_that_versions_change(plan: Plan, owner: Any) -> None:
    owner.execute("ALTER TABLE plans_plan DISABLE TRIGGER USER")
    owner.execute("UPDATE plans_plan SET name = '别的'")
    owner.execute("ALTER TABLE plans_plan ENABLE TRIGGER USER")
    assert check().changes == [Change.objects.get().pk]


def test_an_anchor_that_was_changed_is_found(plan: Plan) -> None:
    call_command("signing_key", stdout=io.StringIO())
    take("daily")
    (file,) = kept()
    file.write_bytes(file.read_bytes().replace(b"daily", b"weekly"))
    assert "签名不对" in check().findings[0]
