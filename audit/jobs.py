import logging

from celery import shared_task

from audit.anchors import take
from audit.signing import NoKey
from audit.under_way import carry_out


@shared_task(name="audit.take_anchor")
def take_anchor(occasion: str = "daily") -> None:
    """Sign how far the chain of history has come: each day, and when something was frozen."""
    try:
        take(occasion)
    except NoKey as error:
        logging.getLogger("audit").error("no anchor for %s: %s", occasion, error)  # the daily check tells it to people


@shared_task(name="audit.check_history")
def check_history(token: str = "") -> None:
    """Verify the whole history by every anchor, and keep what was found for the pages: each day, and where an auditor
    asks for it, whose claim the token is."""
    carry_out(token)
