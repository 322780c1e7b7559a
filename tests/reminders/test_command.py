"""The command shows who would get what and why, from the function that sends; schedules come from the data file."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django_celery_beat.models import PeriodicTask

from reminders.actions import write_notices
from reminders.management.commands.sync_schedules import FILE
from reminders.models import Notice
from tests.factories.organisations import organisation
from tests.factories.reminders import FRIDAY, due
from tests.factories.submissions import form

pytestmark = pytest.mark.django_db


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("send_reminders", *arguments, stdout=out)
    return out.getvalue()


class TestSendReminders:
    def test_a_dry_run_tells_who_gets_what_through_which_channel_and_why(self, settings: object) -> None:
        settings.EMAIL_HOST = "mail.example.com"
        found = due(FRIDAY, mail="a@example.com")
        line, total = told("--on", "2026-10-21", "--dry-run").splitlines()
        assert line.startswith(
            f"{found.reporter.name}（{found.organisation_name}）\t站内、邮件\t三季度填报表还剩 2 个工作日"
        )
        assert "报送时限为2026年10月23日" in line
        assert total == "2026-10-21：共 1 条，只列出，未发送。"

    def test_a_dry_run_writes_nothing(self) -> None:
        due(FRIDAY)
        told("--on", "2026-10-23", "--dry-run")
        assert not Notice.objects.exists()

    def test_what_stands_already_is_marked(self) -> None:
        due(FRIDAY)
        write_notices(FRIDAY)
        assert "站内（已生成）" in told("--on", "2026-10-23", "--dry-run")

    def test_what_it_shows_is_what_it_then_sends(self) -> None:
        due(FRIDAY)
        due(date(2026, 10, 26))
        shown = told("--on", "2026-10-23", "--dry-run").splitlines()[:-1]
        told("--on", "2026-10-23")
        sent = Notice.objects.order_by("id").values_list("subject", flat=True)
        assert [line.split("\t")[2] for line in shown] == list(sent)

    def test_run_twice_it_sends_once(self) -> None:
        due(FRIDAY)
        assert "新通知 1 条" in told("--on", "2026-10-23")
        assert "新通知 0 条" in told("--on", "2026-10-23")

    def test_a_form_without_anybody_is_named(self) -> None:
        found = due(FRIDAY)
        form(of=found.period, by=organisation(name="无人单位"), state="draft")
        assert "无人可提醒\t无人单位" in told("--on", "2026-10-23", "--dry-run")

    def test_what_is_no_date_is_refused_in_words(self) -> None:
        with pytest.raises(CommandError, match="“下周一”不是日期"):
            told("--on", "下周一")


class TestSchedules:
    def test_they_come_from_the_data_file_once(self) -> None:
        for _ in range(2):
            call_command("sync_schedules", stdout=StringIO())
        schedule = PeriodicTask.objects.get(task="reminders.send_reminders")
        assert PeriodicTask.objects.count() == len({row["name"] for row in json.loads(FILE.read_text())})
        assert (schedule.name, schedule.task, schedule.enabled) == ("报送时限提醒", "reminders.send_reminders", True)

    def test_one_that_was_switched_off_stays_off(self) -> None:
        call_command("sync_schedules", stdout=StringIO())
        PeriodicTask.objects.update(enabled=False)
        call_command("sync_schedules", stdout=StringIO())
        assert not PeriodicTask.objects.filter(enabled=True).exists()

    def test_one_that_left_the_file_goes(self) -> None:
        call_command("sync_schedules", stdout=StringIO())
        PeriodicTask.objects.filter(task="reminders.send_reminders").update(name="旧任务")
        call_command("sync_schedules", stdout=StringIO())
        assert PeriodicTask.objects.get(task="reminders.send_reminders").name == "报送时限提醒"
