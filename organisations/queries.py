"""Questions about people and about who came in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, F, Func, Prefetch, Q, QuerySet, Value

from audit.events import kind_of, words_for
from audit.models import Entry
from organisations.lockout import locked_accounts
from organisations.models import Role, RoleGrant, User

LIVE_GRANTS = Prefetch("grants", RoleGrant.objects.filter(withdrawn_at=None), to_attr="live_grants")


class CannotSignIn:
    """Why a person can't sign in, or hasn't yet."""

    LOCKED, CLOSED, NEVER = "locked", "closed", "never"
    LABELS = {LOCKED: "已锁定", CLOSED: "已停用", NEVER: "尚未修改一次性密码"}


def people_found(text: str, state: str = "") -> QuerySet[User]:
    """Return the people whose name, login name or organisation holds the words, in one state of signing in."""
    found = User.objects.select_related("organisation").prefetch_related(LIVE_GRANTS)
    found = found.order_by("organisation__position", "organisation__code", "username")
    for word in text.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(username__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(organisation__short_name__icontains=word)
        )
    if state == CannotSignIn.LOCKED:
        found = found.filter(username__in=locked_usernames())
    elif state == CannotSignIn.CLOSED:
        found = found.filter(is_active=False)
    elif state == CannotSignIn.NEVER:
        found = found.filter(is_active=True, must_change_password=True)
    return found


def locked_usernames() -> set[str]:
    return {account["username"] for account in locked_accounts()}


def role_labels(user: User) -> str:
    """Return the roles that a person of ``people_found`` holds, in the order of the roles."""
    held = {grant.role for grant in getattr(user, "live_grants", [])}
    return "、".join(role.label for role in Role if role in held)


@dataclass(frozen=True)
class TrailLine:
    """Something of the security trail: when, what, who, from which address, about what."""

    at: datetime
    what: str
    kind: str
    who: str
    address: str
    about: str


SIGNED_IN, FAILED = "sign-in", "failure"
TRAIL_KINDS = {"sign-ins": "登录", "failures": "密码输错", "changes": "账号和角色变动"}
_MARKS = {SIGNED_IN: ("登录", "ok"), FAILED: ("密码输错", "bad")}


def security_trail(text: str = "", kind: str = "") -> QuerySet[Any, Any]:
    """Return sign-ins, failures, and changes of accounts and roles, newest first; read each by ``trail_line``.

    Sign-ins and failures are django-axes' logs, the rest are entries of history about people.
    """
    parts = {
        "sign-ins": _came_in(AccessLog, SIGNED_IN, text),
        "failures": _came_in(AccessFailureLog, FAILED, text),
        "changes": _changed(text),
    }
    chosen = [parts[kind]] if kind in parts else list(parts.values())
    found = chosen[0].union(*chosen[1:], all=True) if len(chosen) > 1 else chosen[0]
    return found.order_by("-at")


def _came_in(log: Any, mark: str, word: str) -> QuerySet[Any, Any]:
    address = Func(F("ip_address"), function="host", output_field=CharField())
    found = log.objects.annotate(
        at=F("attempt_time"), mark=Value(mark), who=F("username"), address=address, about=Value("")
    )
    found = found.filter(Q(who__icontains=word) | Q(address__icontains=word)) if word else found
    return found.values_list("at", "mark", "who", "address", "about")  # type: ignore[no-any-return]


def _changed(word: str) -> QuerySet[Any, Any]:
    found = Entry.objects.filter(subject_type=ContentType.objects.get_for_model(User)).annotate(
        at=F("change__at"), mark=F("event"), who=F("change__actor_name"), address=Value(""), about=F("subject_label")
    )
    found = found.filter(Q(who__icontains=word) | Q(about__icontains=word)) if word else found
    return found.values_list("at", "mark", "who", "address", "about")


def trail_line(row: tuple[Any, ...]) -> TrailLine:
    at, mark, who, address, about = row
    what, kind = _MARKS.get(mark) or (words_for(mark), kind_of(mark))
    return TrailLine(at, what, kind, who or "", address or "", about)
