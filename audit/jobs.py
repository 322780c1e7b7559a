from celery import shared_task

from audit.anchors import take
from audit.checking import check


@shared_task(name="audit.take_anchor")
def take_anchor() -> None:
    """Sign each day how far the chain of history has come."""
    take("daily")


@shared_task(name="audit.check_history")
def check_history() -> None:
    """Verify the whole history each day by every anchor, and keep what was found for the pages."""
    check()
