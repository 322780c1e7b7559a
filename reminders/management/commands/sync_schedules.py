import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django_celery_beat.models import CrontabSchedule, PeriodicTask

from audit.recording import recorded

FILE = Path(__file__).resolve().parents[2] / "schedules.json"


class Command(BaseCommand):
    help = "按数据文件写入定时任务；已停用的保持停用。"

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = json.loads(FILE.read_text(encoding="utf-8"))
        with recorded(by=None, reason="按数据文件写入定时任务"):
            self.write(wanted)
        self.stdout.write(f"定时任务：{len(wanted)} 项。")

    def write(self, wanted: list[dict[str, Any]]) -> None:
        for row in wanted:
            crontab, _ = CrontabSchedule.objects.get_or_create(**row["crontab"], timezone="Asia/Shanghai")
            PeriodicTask.objects.update_or_create(
                name=row["name"],
                defaults={"task": row["job"], "crontab": crontab, "description": row["description"]},
            )
        names = [row["name"] for row in wanted]
        PeriodicTask.objects.exclude(name__in=names).exclude(name__startswith="celery.").delete()
