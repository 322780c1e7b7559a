"""Mail goes out at most once: through a real server, with a killed sender, with two senders at once."""

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection

from reminders.actions import ATTEMPTS, send_mails, write_notices
from reminders.jobs import send_reminders
from reminders.models import Notice
from submissions.actions import return_for_correction
from tests.factories.organisations import reporter, reviewer
from tests.factories.reminders import FRIDAY, due
from tests.factories.submissions import submitted
from tests.reminders.conftest import MoodySink
from tests.running import MailSink, Worker, environment, until


def mails() -> list[Notice]:
    return list(Notice.objects.filter(channel="mail").order_by("id"))


@pytest.mark.django_db
class TestSend:
    def test_the_mail_arrives_with_its_words_and_its_link(self, sink: MoodySink) -> None:
        found = due(FRIDAY, mail="a@example.com")
        write_notices(FRIDAY)
        assert send_mails() == 1
        (message,) = sink.messages
        text = message.get_content()
        assert (message["To"], message["Subject"]) == ("a@example.com", "三季度填报表今天截止")
        assert text.startswith(f"{found.reporter.name}：")
        assert f"办理：{settings.SITE_URL}/{found.period.plan.code}/" in text

    def test_sent_mail_is_not_sent_again(self, sink: MoodySink) -> None:
        due(FRIDAY, mail="a@example.com")
        for _ in range(2):
            write_notices(FRIDAY)
            send_mails()
        assert len(sink.messages) == 1

    def test_a_refusal_is_tried_again_three_times_in_all(self, sink: MoodySink) -> None:
        due(FRIDAY, mail="a@example.com")
        write_notices(FRIDAY)
        sink.answers = ["451 later"] * 5
        assert [send_mails() for _ in range(5)] == [0] * 5
        (notice,) = mails()
        assert (notice.attempts, len(sink.answers)) == (ATTEMPTS, 2)
        assert "451" in notice.failed_because

    def test_a_refusal_that_passes_ends_well(self, sink: MoodySink) -> None:
        due(FRIDAY, mail="a@example.com")
        write_notices(FRIDAY)
        sink.answers = ["451 later"]
        assert (send_mails(), send_mails(), len(sink.messages)) == (0, 1, 1)
        assert mails()[0].failed_because == ""

    def test_one_refused_mail_does_not_hold_up_the_others(self, sink: MoodySink) -> None:
        for name in ("a", "b", "c"):
            due(FRIDAY, mail=f"{name}@example.com")
        write_notices(FRIDAY)
        sink.answers = ["250 OK", "550 no such person"]
        assert (send_mails(), sink.recipients) == (2, ["a@example.com", "c@example.com"])

    def test_a_server_out_of_reach_claims_nothing(self, sink: MoodySink, settings: object) -> None:
        due(FRIDAY, mail="a@example.com")
        write_notices(FRIDAY)
        settings.EMAIL_PORT = 1
        assert send_mails() == 0
        assert (mails()[0].claimed_at, mails()[0].attempts) == (None, 0)

    def test_a_server_that_hangs_up_does_not_hold_up_the_others(self, sink: MoodySink) -> None:
        for name in ("a", "b"):
            due(FRIDAY, mail=f"{name}@example.com")
        write_notices(FRIDAY)
        sink.answers = ["421 closing"]
        send_mails()
        assert sink.recipients == ["b@example.com"]
        assert mails()[0].claimed_at is None

    def test_a_line_that_breaks_leaves_one_in_doubt_and_goes_on_with_the_others(self, sink: MoodySink) -> None:
        for name in ("a", "b"):
            due(FRIDAY, mail=f"{name}@example.com")
        write_notices(FRIDAY)
        sink.breaks = 1
        send_mails()
        assert (send_mails(), sink.recipients) == (0, ["b@example.com"])
        (notice,) = Notice.objects.in_doubt()
        assert notice.failed_because.startswith("发送结果不明，不再重发")

    def test_a_mail_that_nobody_could_send_for_a_day_is_not_sent_any_more(self, sink: MoodySink) -> None:
        due(FRIDAY, mail="a@example.com")
        write_notices(FRIDAY)
        notice = mails()[0]
        Notice.objects.filter(pk=notice.pk).update(created_at=notice.created_at - timedelta(days=1))
        assert (send_mails(), sink.messages) == (0, [])


@pytest.mark.django_db(transaction=True)
class TestTwoSenders:
    def test_at_the_same_moment_each_mail_goes_out_once(self, sink: MoodySink) -> None:
        for number in range(8):
            due(FRIDAY, mail=f"person{number}@example.com")
        write_notices(FRIDAY)
        start = threading.Barrier(3)

        def send() -> None:
            start.wait()
            send_mails()
            connection.close()

        senders = [threading.Thread(target=send) for _ in range(3)]
        for each in senders:
            each.start()
        for each in senders:
            each.join()
        assert sorted(sink.recipients) == sorted(f"person{number}@example.com" for number in range(8))


@pytest.mark.django_db(transaction=True)
class TestKilledSender:
    def test_killed_while_the_server_takes_the_mail_it_is_not_sent_twice(self, sink: MoodySink) -> None:
        due(FRIDAY, mail="a@example.com")
        due(FRIDAY, mail="b@example.com")
        write_notices(FRIDAY)
        surroundings = environment(EMAIL_HOST="127.0.0.1", EMAIL_PORT=str(sink.port))
        program = (
            "import os, sys, django; django.setup(); from reminders.actions import send_mails;"
            "print(os.getpid(), flush=True); sys.stdin.readline(); send_mails()"
        )
        sender = subprocess.Popen(
            [sys.executable, "-c", program],
            env=surroundings,
            cwd=settings.BASE_DIR,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        sink.kills = int(sender.stdout.readline())
        sender.communicate("go\n", timeout=60)
        assert sender.returncode == -9
        sink.kills = 0
        assert send_mails() == 1  # the other one
        assert sorted(sink.recipients) == ["a@example.com", "b@example.com"]
        assert [notice.recipient.email for notice in Notice.objects.in_doubt()] == ["a@example.com"]


def returned(mail: str) -> None:
    """A form is returned to a reporter, which is news on any day of the week."""
    by = reporter(email=mail)
    found = submitted(by)
    return_for_correction(found, by=reviewer(), round=found.round, remarks={found.figures.get(): ["请核实"]})


@pytest.mark.broker
@pytest.mark.django_db(transaction=True)
def test_two_beats_through_the_broker_send_each_mail_once(worker: Worker, mail_sink: MailSink) -> None:
    for mail, beats in (("a@example.com", 2), ("b@example.com", 1)):
        returned(mail)
        for _ in range(beats):
            send_reminders.delay()
        until(lambda mail=mail: mail in [message["To"] for message in mail_sink.messages])
    sent = [(message["To"], message["Subject"]) for message in mail_sink.messages]
    assert len(sent) == len(set(sent))
