"""Questions about people."""

from django.db.models import Prefetch, Q, QuerySet

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
