"""What ``recorded`` tells as done is on the disk, though its commit gives the head of the chain away before that."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from audit.anchors import take
from audit.recording import recorded
from plans.models import Plan
from tests.factories.plans import plan

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])


def told(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}")
        return cursor.fetchone()[0]


def is_on_disk(place: object) -> bool:
    return bool(told(f"pg_current_wal_flush_lsn() >= '{place}'"))


@pytest.fixture(autouse=True)
def _as_in_production() -> Iterator[None]:
    """Tests don't wait for the disk otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
    yield
    connection.close()


class TestAChange:
    def test_does_not_keep_the_head_until_it_is_on_the_disk(self) -> None:
        with recorded(by=None, reason="变更"):
            assert told("current_setting('synchronous_commit')") == "off"
        assert told("current_setting('synchronous_commit')") == "on"

    def test_is_on_the_disk_when_it_is_left(self) -> None:
        with recorded(by=None, reason="变更"):
            plan()
            place = told("pg_current_wal_insert_lsn()")
            assert not is_on_disk(place)
        assert is_on_disk(place)

    def test_is_on_the_disk_before_anything_that_waits_for_its_commit(self) -> None:
        found = []
        with recorded(by=None, reason="变更"):
            plan()
            place = told("pg_current_wal_insert_lsn()")
            transaction.on_commit(lambda: found.append(is_on_disk(place)))
        assert found == [True]

    def test_within_a_transaction_of_somebody_else_is_on_the_disk_at_its_end(self) -> None:
        with transaction.atomic():
            with recorded(by=None, reason="变更"):
                plan()
            place = told("pg_current_wal_insert_lsn()")
            assert not is_on_disk(place)
        assert is_on_disk(place)

    def test_within_a_transaction_of_somebody_else_ends_before_it(self) -> None:
        own = plan()
        with transaction.atomic():
            with recorded(by=None, reason="变更"):
                pass
            assert told("current_setting('audit.change')") == ""
        assert Plan.objects.get() == own


def test_what_an_anchor_tells_is_on_the_disk(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "options", "-c synchronous_commit=on")
    settings.SIGNING_KEY_DIR, settings.ANCHOR_DIR = tmp_path / "signing", tmp_path / "anchors"
    call_command("signing_key", stdout=io.StringIO())
    with transaction.atomic():
        with recorded(by=None, reason="变更"):
            place = told("pg_current_wal_insert_lsn()")
        take("command")
        assert is_on_disk(place)
