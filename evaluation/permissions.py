"""Who may do what with a case."""

from evaluation.models import Evaluation, Stage
from organisations.models import Role, User


def can_see_case(user: User, evaluation: Evaluation) -> bool:
    """The working group, leaders and auditors; a case shows the drafts of every organisation."""
    return user.has_role(Role.REVIEWER, Role.LEADER, Role.AUDITOR)


def can_create_evaluation(user: User) -> bool:
    return user.has_role(Role.REVIEWER)


def can_change_case(user: User, evaluation: Evaluation) -> bool:
    """The working group keeps its case: its dates, its round, who is in the group."""
    return user.has_role(Role.REVIEWER)


def can_advance(user: User, stage: Stage) -> bool:
    """The working group runs the stages; a leader signs them off."""
    return user.has_role(Role.REVIEWER, Role.LEADER)


def can_pass_over(user: User, stage: Stage) -> bool:
    """Only a leader decides that an unmet condition doesn't hold a case up."""
    return user.has_role(Role.LEADER)


def can_send_back(user: User, stage: Stage) -> bool:
    return user.has_role(Role.REVIEWER, Role.LEADER)


def can_decide_assessment(user: User, evaluation: Evaluation) -> bool:
    return user.has_role(Role.REVIEWER, Role.LEADER)
