"""My desk: each role's own question answered; a person with two roles sees both parts."""

from collections.abc import Callable
from dataclasses import replace

from organisations.models import Role, User
from overview.desks.administering import (
    security_administrators_part,
    security_auditors_part,
    system_administrators_part,
)
from overview.desks.deciding import auditors_part, leaders_part
from overview.desks.parts import Part
from overview.desks.reporting import heads_part, reporters_part
from overview.desks.reviewing import reviewers_part
from plans.models import Plan

PARTS: dict[Role, Callable[[User, Plan], Part]] = {
    Role.REPORTER: reporters_part,
    Role.HEAD: heads_part,
    Role.REVIEWER: reviewers_part,
    Role.LEADER: leaders_part,
    Role.AUDITOR: auditors_part,
    Role.SYSTEM_ADMINISTRATOR: system_administrators_part,
    Role.SECURITY_ADMINISTRATOR: security_administrators_part,
    Role.SECURITY_AUDITOR: security_auditors_part,
}


def desk_of(user: User, plan: Plan) -> list[Part]:
    """Return the parts of a person's desk, in the order of the roles."""
    return [replace(make(user, plan), label=role.label) for role, make in PARTS.items() if user.has_role(role)]
