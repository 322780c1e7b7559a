"""What a verb calls when it freezes something: an anchor is taken as soon as its transaction has ended."""

from django.db import transaction

from audit.jobs import take_anchor

BROKER_SECONDS = 1  # somebody waits for the page


def anchor_when_done(occasion: str) -> None:
    """Have a job sign how far history has come, once this transaction is committed; ``occasion`` says what was frozen.

    The verb never fails by it: without a broker there is only a line in the log, without a key the daily check says so,
    and the anchor of the day covers what this one would have.
    """
    transaction.on_commit(lambda: wake(occasion), robust=True)  # not a partial: Django asks a failed one for its name


def wake(occasion: str) -> None:
    with take_anchor.app.connection_for_write(connect_timeout=BROKER_SECONDS) as broker:
        take_anchor.apply_async(args=(occasion,), retry=False, connection=broker)  # type: ignore[call-arg]
