"""What the schedule wakes."""

import json
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from organisations.jobs import clear_sessions
from reminders.management.commands.sync_schedules import FILE

pytestmark = pytest.mark.django_db


def session(lasting: timedelta) -> str:
    store = SessionStore()
    store.set_expiry(lasting)
    store.create()
    return str(store.session_key)


class TestClearSessions:
    def test_sessions_that_have_run_out_go_and_live_ones_stay(self) -> None:
        session(timedelta(hours=-1))
        live = session(timedelta(hours=1))
        clear_sessions()
        assert [row.pk for row in Session.objects.all()] == [live]

    def test_it_stands_in_the_schedule(self) -> None:
        assert clear_sessions.name in {line["job"] for line in json.loads(FILE.read_text(encoding="utf-8"))}
