"""The way to the worker: by the job's name, so that what asks needs not know what runs."""

from celery import current_app

RUN = "background.run"


def send(pk: int) -> None:
    """Put a job into the queue.

    Raises:
        kombu.exceptions.OperationalError: the queue cannot be reached.
    """
    current_app.send_task(RUN, args=[pk], retry=False)
