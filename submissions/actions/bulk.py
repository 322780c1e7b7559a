"""Approving several forms from the queue, or passing them on: each by itself, and only what nothing speaks against."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError

from audit.recording import recorded
from organisations.models import User
from submissions.actions.reviews import approve, pass_first_review
from submissions.checks import oddities_in
from submissions.models import Submission
from submissions.states import ReviewStep


@dataclass
class Approved:
    """What became of each form: approved, passed on to its final review, or left as it was and why."""

    done: list[Submission] = field(default_factory=list)
    passed: list[Submission] = field(default_factory=list)
    left: list[tuple[Submission, str]] = field(default_factory=list)


def approve_clean(forms: Iterable[tuple[Submission, int, str]], *, by: User) -> Approved:
    """Approve each form, of the round and at the level that the reviewer saw, in a transaction of its own.

    At the first of two levels it is passed on to the final one, and nothing is published.

    One that can't be approved, because somebody decided first, it came in again or a warning stands in it, is left
    as it is and named; it keeps no other form from being approved. Warnings are looked for anew, not read from what
    was kept.

    Raises:
        ValidationError: no form at all.
    """
    found = Approved()
    for form, round, step in forms:
        try:
            with recorded(by=by, reason="批量审核通过"):
                locked = Submission.objects.locked(form.pk)
                if any(finding.asks for finding in oddities_in(locked)):
                    raise ValidationError("有疑点，请打开逐项审核。")
                if step == ReviewStep.FIRST:
                    pass_first_review(locked, by=by, round=round)
                else:
                    approve(locked, by=by, round=round, step=step)
        except ValidationError as refusal:
            found.left.append((form, "".join(refusal.messages)))
        except PermissionDenied:
            found.left.append((form, "你参与过其他环节，不能由你审核。"))
        else:
            (found.passed if step == ReviewStep.FIRST else found.done).append(form)
    if not (found.done or found.passed or found.left):
        raise ValidationError("请先勾选要通过的填报表。")
    return found
