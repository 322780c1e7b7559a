from celery import shared_task

from audit.anchors import take
from audit.under_way import carry_out


@shared_task(name="audit.take_anchor")
def take_anchor() -> None:
    """Sign each day how far the chain of history has come."""
    take("daily")


@shared_task(name="audit.check_history")
def check_history(token: str = "") -> None:
    """Verify the whole history by every anchor, and keep what was found for the pages: each day, and where an auditor
    asks for it, whose claim the token is."""
    carry_out(token)
