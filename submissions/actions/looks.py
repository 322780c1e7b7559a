"""A reviewer looked at a form: what changes in it from now on is new to them."""

from audit.clock import now
from organisations.models import User
from organisations.permissions import is_reviewer, require
from submissions.models import Look, Submission


def look_at(submission: Submission, *, by: User) -> Look:
    """Keep when the reviewer last looked; no decision depends on it, and the security trail has who looked when.

    Raises:
        PermissionDenied: ``by`` is no reviewer.
    """
    require(is_reviewer, by)
    look, _ = Look.objects.update_or_create(submission=submission, person=by, defaults={"at": now()})
    return look
