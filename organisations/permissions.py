"""Predicates about people; verbs require them, views and templates ask the same ones."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied

from organisations.models import Organisation, Role, User


def require(predicate: Callable[..., bool], user: User, *rows: Any) -> None:
    """Raise PermissionDenied unless ``predicate(user, *rows)`` holds."""
    if not predicate(user, *rows):
        raise PermissionDenied("你没有办理此事的权限。")


def is_reviewer(user: User) -> bool:
    return user.has_role(Role.REVIEWER)


def is_leader(user: User) -> bool:
    return user.has_role(Role.LEADER)


def is_auditor(user: User) -> bool:
    return user.has_role(Role.AUDITOR)


def reads_business(user: User) -> bool:
    """Tell whether the user may read published business at all (the administrators of accounts may not)."""
    return user.has_role(Role.REPORTER, Role.HEAD, Role.REVIEWER, Role.LEADER, Role.AUDITOR)


def is_system_administrator(user: User) -> bool:
    return user.has_role(Role.SYSTEM_ADMINISTRATOR)


def is_security_administrator(user: User) -> bool:
    return user.has_role(Role.SECURITY_ADMINISTRATOR)


def is_security_auditor(user: User) -> bool:
    return user.has_role(Role.SECURITY_AUDITOR)


def can_reset_password(user: User, person: User) -> bool:
    """A system administrator, but not for those who watch over him: with a one-time password he could act as them."""
    watched_over_by = {Role.SECURITY_ADMINISTRATOR, Role.SECURITY_AUDITOR}
    return is_system_administrator(user) and person.pk != user.pk and watched_over_by.isdisjoint(person.roles)


def can_deactivate(user: User, person: User) -> bool:
    return is_system_administrator(user) and person.pk != user.pk


def can_change_roles(user: User, person: User) -> bool:
    """A security administrator, and nobody for themselves."""
    return is_security_administrator(user) and person.pk != user.pk


def can_see_contact_of(user: User, person: User) -> bool:
    """The person, and a system administrator, who looks after accounts."""
    return is_system_administrator(user) or (user.is_active and user.pk == person.pk)


def can_see_contact_of_organisation(user: User, organisation: Organisation) -> bool:
    """Whoever has business with organisations calls them, and the system administrator."""
    return reads_business(user) or is_system_administrator(user)
