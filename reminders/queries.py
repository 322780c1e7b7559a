from datetime import datetime, timedelta

from django.db import models

from organisations.models import User

STALE_AFTER = timedelta(days=1)


class NoticeQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Questions about notices."""

    def for_user(self, user: User) -> "NoticeQuerySet":
        """The notices that a person reads in the application."""
        return self.filter(recipient=user, channel="application")

    def unsent(self, now: datetime) -> "NoticeQuerySet":
        """The mails that nobody has begun to send and that are still true."""
        return self.filter(channel="mail", sent_at=None, claimed_at=None, created_at__gt=now - STALE_AFTER)

    def in_doubt(self) -> "NoticeQuerySet":
        """The mails of which nobody knows whether they arrived: their sender was killed, or the line broke."""
        return self.filter(channel="mail", sent_at=None, claimed_at__isnull=False)
