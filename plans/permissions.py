"""Who may do what with a reporting period; opening, closing and deadlines are the reviewers'."""

from organisations.models import Role, User


def can_define_periods(user: User) -> bool:
    """System administrators define periods; the working group, which knows when it needs what, may too."""
    return user.has_role(Role.REVIEWER, Role.SYSTEM_ADMINISTRATOR)
