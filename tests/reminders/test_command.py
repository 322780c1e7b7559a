"""The command shows who would get what and why, from the function that sends; schedules come from the data file."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from audit.clock import now
from audit.recording import entries_of, recorded
from reminders.actions import write_notices
from reminders.management.commands.sync_schedules import FILE
from reminders.models import Notice
from tests.factories.organisations import organisation, person
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
        with recorded(by=None, reason="停用"):
            PeriodicTask.objects.update(enabled=False)
        call_command("sync_schedules", stdout=StringIO())
        assert not PeriodicTask.objects.filter(enabled=True).exists()

    def test_one_that_left_the_file_goes(self) -> None:
        call_command("sync_schedules", stdout=StringIO())
        with recorded(by=None, reason="改名"):
            PeriodicTask.objects.filter(task="reminders.send_reminders").update(name="旧任务")
        call_command("sync_schedules", stdout=StringIO())
        assert PeriodicTask.objects.get(task="reminders.send_reminders").name == "报送时限提醒"


class TestSwitching:
    """Whoever switches a job off, and however: the database leaves the entry, the daily anchor stops for nobody unseen."""

    @pytest.fixture(autouse=True)
    def anchor(self, db: None) -> PeriodicTask:
        call_command("sync_schedules", stdout=StringIO())
        return PeriodicTask.objects.get(task="audit.take_anchor")

    @pytest.mark.parametrize(
        "columns", [{"enabled": False}, {"expires": "2020-01-01T00:00Z"}, {"task": "x"}, {"one_off": True}]
    )
    def test_is_not_done_without_a_change(self, anchor: PeriodicTask, columns: dict[str, object]) -> None:
        with pytest.raises(DatabaseError, match="needs an actor"), transaction.atomic():
            PeriodicTask.objects.filter(pk=anchor.pk).update(**columns)

    def test_nor_is_taking_it_away(self, anchor: PeriodicTask) -> None:
        with pytest.raises(DatabaseError, match="needs an actor"), transaction.atomic():
            PeriodicTask.objects.filter(pk=anchor.pk).delete()

    def test_leaves_an_entry_of_what_changed(self, anchor: PeriodicTask) -> None:
        by = person("system_administrator")
        with recorded(by=by, reason="维护") as change:
            PeriodicTask.objects.filter(pk=anchor.pk).update(enabled=False)
        entry = entries_of(anchor)[0]
        assert (entry.event, entry.change_id, entry.change.actor) == ("schedule.change", change, by)
        assert entry.detail == {"before": {"enabled": True}, "after": {"enabled": False}}

    def test_what_the_scheduler_counts_is_no_change(self, anchor: PeriodicTask) -> None:
        known = entries_of(anchor).count()
        anchor.last_run_at, anchor.total_run_count = now(), 7
        anchor.save()
        assert entries_of(anchor).count() == known

    def test_the_time_of_a_schedule_is_not_written_over(self, anchor: PeriodicTask) -> None:
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            CrontabSchedule.objects.update(month_of_year="2", day_of_month="31")
