"""Organisations and people."""

import itertools

from audit.clock import now
from audit.models import Door
from audit.recording import recorded
from organisations.models import Organisation, OrganisationKind, Role, RoleGrant, User

_numbers = itertools.count(1)


def organisation(*, kind: str = OrganisationKind.DEPARTMENT, **fields: object) -> Organisation:
    number = next(_numbers)
    given = {"code": f"unit-{number}", "name": f"单位{number}", "kind": kind, "position": number} | fields
    with recorded(by=None, reason="测试", door=Door.COMMAND):
        return Organisation.objects.create(**given)


def person(*roles: str, at: Organisation | None = None, **fields: object) -> User:
    """A person with the roles; a department of their own unless one is named."""
    number = next(_numbers)
    given = {"username": f"person{number}", "name": f"人员{number}", "organisation": at or organisation()} | fields
    with recorded(by=None, reason="测试", door=Door.COMMAND):
        user = User.objects.create(must_change_password=False, **given)
        RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role, granted_at=now()) for role in roles)
    return user


def reviewer(**fields: object) -> User:
    return person(Role.REVIEWER, **fields)


def reporter(**fields: object) -> User:
    return person(Role.REPORTER, **fields)


def leader(**fields: object) -> User:
    return person(Role.LEADER, **fields)


def auditor(**fields: object) -> User:
    return person(Role.AUDITOR, **fields)


def system_administrator(**fields: object) -> User:
    return person(Role.SYSTEM_ADMINISTRATOR, **fields)
