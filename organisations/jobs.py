from celery import shared_task
from django.core.management import call_command

from organisations.actions import clear_expired_trail


@shared_task(name="organisations.clear_expired_trail")
def clear_expired_security_trail() -> None:
    """Clear what the security trail has kept long enough."""
    clear_expired_trail()


@shared_task(name="organisations.clear_sessions")
def clear_sessions() -> None:
    """Clear the sessions that have run out; Django leaves them in their table."""
    call_command("clearsessions")
