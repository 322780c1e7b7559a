"""A notice is written once on its occasion, however often and by however many it is asked for."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from audit.recording import recorded
from plans.calendar import end_of_day
from reminders.actions import mark_read, write_notices
from reminders.models import Notice
from tests.factories.organisations import reporter
from tests.factories.reminders import FRIDAY, due
from tests.factories.submissions import taken_to


@pytest.mark.django_db
class TestWrite:
    def test_a_beat_that_comes_twice_writes_once(self) -> None:
        due(FRIDAY)
        assert len(write_notices(FRIDAY)) == 1
        assert write_notices(FRIDAY) == []

    def test_in_the_application_it_is_there_at_once(self) -> None:
        due(FRIDAY)
        (notice,) = write_notices(FRIDAY)
        assert (notice.channel, notice.sent_at is None) == ("application", False)

    def test_without_a_mail_server_or_an_address_there_is_no_mail(self, settings: object) -> None:
        due(FRIDAY, mail="a@example.com")
        settings.EMAIL_HOST = ""
        write_notices(FRIDAY)
        settings.EMAIL_HOST = "mail.example.com"
        due(FRIDAY)
        write_notices(FRIDAY)
        assert Notice.objects.filter(channel="mail").count() == 1  # the first person's, once there is a server

    def test_a_form_returned_on_the_day_of_a_reminder_is_not_reminded_of_twice(self) -> None:
        found = due(FRIDAY)
        write_notices(FRIDAY)
        taken_to(found, "returned")
        assert write_notices(FRIDAY) == []

    def test_a_moved_deadline_is_a_new_occasion(self) -> None:
        found = due(FRIDAY)
        write_notices(date(2026, 10, 22))
        with recorded(by=None, reason="测试"):
            type(found).objects.filter(pk=found.pk).update(deadline=end_of_day(date(2026, 10, 26)))
        (notice,) = write_notices(date(2026, 10, 23))
        assert (notice.due_on, notice.step) == (date(2026, 10, 26), 1)

    def test_the_database_refuses_a_second_one(self) -> None:
        due(FRIDAY)
        (notice,) = write_notices(FRIDAY)
        notice.pk = None
        with pytest.raises(IntegrityError, match="notice_once"), transaction.atomic():
            notice.save(force_insert=True)

    def test_each_person_reads_their_own(self) -> None:
        found = due(FRIDAY)
        write_notices(FRIDAY)
        assert mark_read(reporter()) == 0
        assert (mark_read(found.reporter), mark_read(found.reporter)) == (1, 0)


@pytest.mark.django_db(transaction=True)
def test_two_beats_at_the_same_moment_write_once() -> None:
    for _ in range(5):
        due(FRIDAY)
    start = threading.Barrier(3)

    def beat() -> None:
        start.wait()
        write_notices(FRIDAY)
        connection.close()

    beats = [threading.Thread(target=beat) for _ in range(3)]
    for each in beats:
        each.start()
    for each in beats:
        each.join()
    assert Notice.objects.count() == 5
