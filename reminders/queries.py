from django.db import models

from organisations.models import User


class NoticeQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Questions about notices."""

    def for_user(self, user: User) -> "NoticeQuerySet":
        """The notices that a person reads in the application."""
        return self.filter(recipient=user, channel="application")
