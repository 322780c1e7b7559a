"""The published plan, loaded once for the tests of a file and taken back after them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from plans.models import Plan
from workbooks.actions import load_plan

PLAN = Path(__file__).resolve().parents[2] / "data" / "longgang"


@pytest.fixture(scope="module")
def published_plan(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Plan]:
    with django_db_blocker.unblock(), transaction.atomic():
        load_plan(PLAN, by=None)
        yield Plan.objects.get(code="longgang")
        transaction.set_rollback(True)
