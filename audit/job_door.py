from typing import Any

from celery import Task

from audit.models import Door
from audit.recording import door_of_request


class Job(Task):  # type: ignore[type-arg]  # the library has none at run time
    """What every job is: what it writes came in through the door of jobs, whichever verb it calls."""

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        door = door_of_request.set(Door.JOB)
        try:
            return super().__call__(*arguments, **named)
        finally:
            door_of_request.reset(door)
