"""Accounts: made, given a new one-time password, closed, opened again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from audit.clock import now, today
from audit.recording import record, recorded
from organisations.actions.passwords import one_time_password, take_password
from organisations.models import Organisation, Role, RoleGrant, User
from organisations.permissions import can_deactivate, can_reset_password, is_system_administrator, require

# the three administrators: without one of them nobody opens the system to others, or watches over those who do
INDISPENSABLE = (Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.SECURITY_AUDITOR)


@dataclass(frozen=True)
class NewPerson:
    username: str
    name: str
    organisation: Organisation
    phone: str = ""
    email: str = ""


def create_user(
    *, by: User, username: str, name: str, organisation: Organisation, phone: str = "", email: str = ""
) -> tuple[User, str]:
    """Make an account without any role; return it with its one-time password, which nobody can read again.

    Raises:
        PermissionDenied: `by` is no system administrator.
        ValidationError: keyed by field.
    """
    require(is_system_administrator, by)
    with recorded(by=by, reason="建立账号"):
        return add_account(NewPerson(username, name, organisation, phone, email))


def load_people(people: Sequence[NewPerson], *, by: User) -> list[tuple[User, str]]:
    """Make the accounts of a sheet, all or none; return each with its one-time password.

    Raises:
        PermissionDenied: `by` is no system administrator.
        ValidationError: an account could not be made.
    """
    require(is_system_administrator, by)
    with recorded(by=by, reason=f"批量建立账号：{len(people)} 人"):
        return [add_account(person) for person in people]


def add_account(person: NewPerson) -> tuple[User, str]:
    """Make one account inside an open change."""
    password = one_time_password()
    user = User(
        username=person.username.strip(),
        name=person.name.strip(),
        organisation=person.organisation,
        phone=person.phone.strip(),
        email=person.email.strip(),
        password=make_password(password),
        password_changed_at=now(),
    )
    user.full_clean()
    try:
        user.save(force_insert=True)
    except IntegrityError as taken:
        raise ValidationError({"username": f"登录名“{user.username}”已有人使用。"}) from taken
    record("user.create", user, username=user.username, organisation=person.organisation.name)
    return user, password


def reset_password(user: User, *, by: User, reason: str) -> str:
    """Give the person a new one-time password, and return it; every session of theirs ends.

    Raises:
        PermissionDenied: `by` is no system administrator, or the person watches over him.
    """
    with recorded(by=by, reason=reason):
        locked = User.objects.select_for_update().get(pk=user.pk)
        require(can_reset_password, by, locked)
        password = one_time_password()
        take_password(locked, password, must_change=True)
        record("user.reset_password", locked)
    return password


def deactivate(user: User, *, by: User, reason: str) -> User:
    """Close an account: its person can't sign in any more, and is out at once; rows and history stay.

    Raises:
        PermissionDenied: `by` is no system administrator, or it is his own account.
        ValidationError: closed already, or the last of an indispensable role.
    """
    with recorded(by=by, reason=reason):
        locked = User.objects.select_for_update().get(pk=user.pk)
        require(can_deactivate, by, locked)
        if not locked.is_active:
            raise ValidationError("此账号已经停用。")
        require_another_holder(locked)
        locked.is_active, locked.left_on = False, today()
        locked.save(update_fields=["is_active", "left_on"])
        record("user.deactivate", locked)
    return locked


def reactivate(user: User, *, by: User, reason: str) -> User:
    """Open a closed account again; the person keeps the roles that were not withdrawn meanwhile."""
    with recorded(by=by, reason=reason):
        locked = User.objects.select_for_update().get(pk=user.pk)
        require(can_deactivate, by, locked)
        if locked.is_active:
            raise ValidationError("此账号没有停用。")
        locked.is_active, locked.left_on = True, None
        locked.save(update_fields=["is_active", "left_on"])
        record("user.reactivate", locked)
    return locked


def require_another_holder(user: User, roles: Sequence[str] = INDISPENSABLE) -> None:
    """Refuse to lose the last person of an indispensable role.

    Raises:
        ValidationError: nobody else who can sign in holds it.
    """
    live = RoleGrant.objects.filter(withdrawn_at=None, role__in=INDISPENSABLE)
    list(live.select_for_update())  # and read anew: who waited here saw the accounts as they were before
    holders = list(live.filter(user__is_active=True).values_list("role", "user_id"))
    for role in roles:
        if role in INDISPENSABLE and (role, user.pk) in holders and len([r for r, _ in holders if r == role]) == 1:
            raise ValidationError(f"{user.name}是唯一的{Role(role).label}，须先有另一人担任。")
