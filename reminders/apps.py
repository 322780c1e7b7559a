from pathlib import Path

from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "reminders"
    verbose_name = "提醒"

    def ready(self) -> None:
        from audit.events import Event, register
        from audit.functions import register as register_functions

        register(Event("schedule.change", "调整定时任务", "fix"))
        register_functions("reminders", Path(__file__).parent / "migrations" / "schedules.sql")
