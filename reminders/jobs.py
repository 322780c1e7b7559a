from celery import shared_task

from audit.clock import today
from reminders.actions import send_mails, write_notices


@shared_task(name="reminders.send_reminders")
def send_reminders() -> None:
    """Write the notices of today and send the mails that are due."""
    write_notices(today())
    send_mails()
