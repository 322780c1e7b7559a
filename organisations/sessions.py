"""A person's session: one at a time, ended after a while without a person's own action."""

from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from audit.addresses import address_of
from audit.clock import now
from audit.security import note
from organisations.lockout import is_locked, minutes_of_lock, tries_left
from organisations.models import User

ACTED_AT, ENDED = "acted_at", "ended"
SIGNED_OUT = "-"  # in the place of a session's key: with none there, a session that was replaced would live again
SAVED_EVERY = 10  # seconds: the moment of the last action is not written more often

ENDED_IDLE, ENDED_ELSEWHERE = "idle", "elsewhere"
ENDS = {ENDED_IDLE: "session.expire", ENDED_ELSEWHERE: "session.replace"}


class SignInRefused(ValidationError):
    """The name or the password is wrong, or the account is locked here; the words don't tell which names exist."""

    def __init__(self, message: str, *, tries_left: int) -> None:
        super().__init__(message)
        self.tries_left = tries_left


def sign_in(request: HttpRequest, *, username: str, password: str) -> User:
    """Begin a person's session; it ends any other session of that person.

    django-axes keeps what locks and greetings need (AccessLog, AccessFailureLog); the security trail keeps all of it.

    Raises:
        SignInRefused: says how many tries are left at this address.
    """
    user = prove(request, username, password, "账号或密码不对")
    before = newest_sign_in(user.username)
    login(request, user)
    user.previous_sign_in = before.attempt_time if before else None
    user.previous_address = before.ip_address if before else None
    user.session_key = request.session.session_key or ""
    user.save(update_fields=["previous_sign_in", "previous_address", "session_key"])
    request.session[ACTED_AT] = _seconds()
    note("session.sign_in", by=user)
    return user


def prove(request: HttpRequest, username: str, password: str, wrong: str) -> User:
    """Return the person whose password this is; also asked of one who is signed in, so that nobody who finds the
    session open tries passwords without end.

    Raises:
        SignInRefused: begins with ``wrong``, and says how many tries are left at this address.
    """
    with transaction.atomic():
        _one_at_a_time(username, address_of(request) or "")
        was_locked = is_locked(request, username)
        user = authenticate(request, username=username, password=password)
        if not isinstance(user, User):
            _note_failure(request, username, was_locked)
    if not isinstance(user, User):
        raise _refusal(request, username, wrong)
    return user


def _note_failure(request: HttpRequest, username: str, was_locked: bool) -> None:
    if was_locked:
        return note("session.refused", username=username)
    note("session.failure", username=username, detail={"left": tries_left(request, username)})
    if is_locked(request, username):
        note("session.lock", username=username, detail={"minutes": minutes_of_lock()})
    return None


def _one_at_a_time(username: str, address: str) -> None:
    """Many tries at once are counted one after another, so that none slips past the limit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"sign-in {username} {address}"])


def _refusal(request: HttpRequest, username: str, wrong: str) -> SignInRefused:
    if is_locked(request, username):
        minutes = minutes_of_lock()
        words = f"输错次数过多，此账号在本机已锁定 {minutes} 分钟。请稍后再试，或请安全管理员解锁。"
        return SignInRefused(words, tries_left=0)
    left = tries_left(request, username)
    return SignInRefused(
        f"{wrong}。还可以再试 {left} 次，之后账号在本机锁定 {minutes_of_lock()} 分钟。", tries_left=left
    )


def newest_sign_in(username: str) -> AccessLog | None:
    return AccessLog.objects.filter(username=username).order_by("-pk").first()


def failures_since_last_sign_in(user: User) -> int:
    """Count the wrong passwords typed for the account between the sign-in before and this one."""
    if user.previous_sign_in is None:
        return 0
    failures = AccessFailureLog.objects.filter(username=user.username, attempt_time__gt=user.previous_sign_in)
    return int(failures.count())


def keep_session(request: HttpRequest, user: User) -> None:
    """Go on in this session, under a new key, after the person's own change of password; no other one survives it."""
    request.session.cycle_key()
    request.session["_auth_user_hash"] = user.get_session_auth_hash()
    user.session_key = request.session.session_key or ""
    user.save(update_fields=["session_key"])


def sign_out(request: HttpRequest, event: str = "session.sign_out") -> None:
    user = request.user
    if isinstance(user, User):
        if user.session_key == request.session.session_key:
            user.session_key = SIGNED_OUT
            user.save(update_fields=["session_key"])
        note(event, by=user)
    logout(request)


def note_action(request: HttpRequest) -> None:
    """Remember that the person did something just now."""
    seconds = _seconds()
    if seconds - request.session.get(ACTED_AT, 0) >= SAVED_EVERY:
        request.session[ACTED_AT] = seconds


def seconds_left(request: HttpRequest) -> int:
    """Return after how many seconds without an action the session ends."""
    acted = int(request.session.get(ACTED_AT, _seconds()))
    return max(0, acted + settings.IDLE_MINUTES * 60 - _seconds())


def end_if_over(request: HttpRequest, user: User) -> str:
    """End the session if it is over, and return why (empty: it goes on)."""
    if user.session_key and user.session_key != request.session.session_key:
        why = ENDED_ELSEWHERE
    elif seconds_left(request) == 0:
        why = ENDED_IDLE
    else:
        return ""
    words = words_for_end(why, user)
    sign_out(request, ENDS[why])
    request.session[ENDED] = {"why": why, "words": words}
    return why


def words_for_end(why: str, user: User) -> str:
    if why == ENDED_IDLE:
        return f"{settings.IDLE_MINUTES} 分钟没有操作，已自动退出。已保存的内容都在，重新登录后回到原来的页面。"
    newest = newest_sign_in(user.username)
    where = f"（{timezone.localtime(newest.attempt_time):%H:%M}，地址 {newest.ip_address}）" if newest else ""
    return f"此账号已在另一处登录{where}，本处的登录随之结束。如果不是你本人，请登录后立即修改密码，并告知安全管理员。"


def told_end(request: HttpRequest) -> dict[str, Any]:
    """Return why this browser's last session ended, if it was ended: ``why`` and ``words``."""
    told = request.session.get(ENDED)
    return told if isinstance(told, dict) else {}


def _seconds() -> int:
    return int(now().timestamp())
