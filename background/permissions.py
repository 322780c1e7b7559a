from background.models import BackgroundJob
from organisations.models import User


def can_see(user: User, job: BackgroundJob) -> bool:
    """Whoever asked for it; nobody else is told what somebody prepares."""
    return user.is_active and job.asked_by_id == user.pk


def can_cancel(user: User, job: BackgroundJob) -> bool:
    return can_see(user, job)
