"""What beat runs by."""

from typing import Any

from django_celery_beat.schedulers import DatabaseScheduler

from config.heartbeat import sign


class Scheduler(DatabaseScheduler):
    """The schedules of the database, by a process that signs at each turn of its loop: every 5 s at most."""

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        sign("beat")
        return super().tick(*args, **kwargs)
