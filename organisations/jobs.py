from celery import shared_task

from organisations.actions import clear_expired_trail


@shared_task(name="organisations.clear_expired_trail")
def clear_expired_security_trail() -> None:
    """Clear what the security trail has kept long enough."""
    clear_expired_trail()
