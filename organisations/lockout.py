"""When typing wrong passwords locks an account, where, and for how long.

An account is locked at one address after ``AXES_FAILURE_LIMIT`` failures there, so a colleague at that address, and
the person at another, still sign in. After ``AXES_USER_FAILURE_LIMIT`` failures from anywhere it is locked at every
address from which the person has never signed in, so nobody locks a person out of their own office from elsewhere.
Both end ``AXES_COOLOFF_TIME`` after the last failure that counted; what is typed during a lock does not count.
"""

from datetime import datetime
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


def minutes_of_lock() -> int:
    return int(get_cool_off().total_seconds() // 60)


def recent_attempts(**which: Any) -> QuerySet[AccessAttempt]:
    """Return the counted failures that still weigh."""
    found: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(
        attempt_time__gte=timezone.now() - get_cool_off(), **which
    )
    return found


def _failures(attempts: QuerySet[AccessAttempt]) -> int:
    return attempts.aggregate(n=Sum("failures_since_start"))["n"] or 0


class LockoutHandler(AxesDatabaseHandler):
    """django-axes knows one limit for all its groups; the second one, for the account alone, is added here."""

    def is_locked(self, request: Any, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        username = (credentials or {}).get("username")
        if not username or _failures(recent_attempts(username=username)) < settings.AXES_USER_FAILURE_LIMIT:
            return False
        return not AccessLog.objects.filter(username=username, ip_address=request.axes_ip_address).exists()


def is_locked(request: HttpRequest, username: str) -> bool:
    return bool(AxesProxyHandler.is_locked(request, {"username": username}))


def tries_left(request: HttpRequest, username: str) -> int:
    """Return how many more wrong passwords this address may type for the account."""
    failures = AxesProxyHandler.get_failures(request, {"username": username})
    return max(0, int(settings.AXES_FAILURE_LIMIT) - int(failures))


def locked_accounts() -> list[dict[str, Any]]:
    """Return the accounts that are locked now: name, at which address (None: wherever unknown), since when, failures."""
    at_address = (
        recent_attempts()
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    everywhere = (
        recent_attempts()
        .values("username")
        .annotate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        .filter(failures__gte=settings.AXES_USER_FAILURE_LIMIT)
    )
    rows = [*everywhere.order_by("username"), *at_address.order_by("username", "ip_address")]
    return [{**row, "ip_address": row.get("ip_address"), "until": _until(row["last"])} for row in rows]


def _until(last: datetime) -> datetime:
    return last + get_cool_off()  # type: ignore[no-any-return]


def keep_own_answer(request: HttpRequest, answer: HttpResponse | None, credentials: Any) -> HttpResponse:
    """Let the sign-in page say that the account is locked, in place of the library's bare text."""
    return answer if answer is not None else HttpResponse(status=429)
