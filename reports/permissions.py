"""Who may read and who may write the report."""

from organisations.models import Role, User


def can_read_report(user: User) -> bool:
    """The working group, leaders and auditors read the report while it is written."""
    return user.has_role(Role.REVIEWER, Role.LEADER, Role.AUDITOR)


def can_write_report(user: User) -> bool:
    return user.has_role(Role.REVIEWER)
