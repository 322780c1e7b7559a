"""A room that was migrated to a state in between: history goes on where tables and models agree, nothing is written where
they don't, and a whole ``migrate`` later all is as it was."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import connection

from audit.models import Seal
from audit.recording import recorded
from audit.tracking import tables_as_modelled
from audit.verification import Kind, verify
from plans.models import Plan
from tests.conftest import truncate

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

NOTES, PLANS = "submissions_progressnote", "plans_plan"


@pytest.fixture(scope="class")
def half_way(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    with django_db_blocker.unblock():
        call_command("migrate", "submissions", "0001", verbosity=0)
    yield
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0)


def may_write(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'INSERT, UPDATE, DELETE')", [table])
        return bool(cursor.fetchone()[0])


@pytest.mark.usefixtures("half_way")
class TestHalfWay:
    def test_tables_that_are_not_as_modelled_are_not_written(self) -> None:
        with connection.cursor() as cursor:
            assert NOTES not in tables_as_modelled(cursor)
        assert (may_write(NOTES), may_write(PLANS)) == (False, True)

    def test_the_others_go_on_with_their_history(self) -> None:
        with recorded(by=None, reason="其间"):
            Plan.objects.create(code="a", name="规划", base_year=2020, first_year=2021, last_year=2025)
        assert Plan.history.count() == 1
        assert not [each for each in verify().findings.listed if PLANS in each.place]

    def test_sealing_begins_without_the_tables_that_are_not_as_modelled(self) -> None:
        truncate()
        assert Seal.objects.count() == 1

    def test_verification_says_what_is_missing(self) -> None:
        told = {(each.kind, each.place) for each in verify().findings.listed}
        assert (Kind.ALTERED, NOTES) in told
        assert (Kind.UNGUARDED, "函数 submissions_state_of") in told


def test_a_whole_migrate_brings_everything_back() -> None:
    assert not verify().findings
    assert may_write(NOTES)
