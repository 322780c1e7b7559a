"""Predicates about people; verbs require them, views and templates ask the same ones."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied

from organisations.models import Role, User


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
