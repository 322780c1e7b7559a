"""New values that requests for correction name: those of a request, and those that a form has still to take over."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from submissions.models import CorrectionState, Evidence, Figure, RequestedValue, State, Submission


def with_request() -> "tuple[Prefetch[str], ...]":
    """What is read with requests to show them: their new values beside what is published, and their files."""
    values = RequestedValue.objects.select_related("figure__indicator", "published")
    files = Evidence.objects.filter(removed_at=None).select_related("file").order_by("id")
    return Prefetch("values", values.order_by("figure__indicator__number")), Prefetch("evidence", files)


def open_request(submission: Submission) -> Iterable[RequestedValue]:
    """The new values of the request that the working group agreed to, while the form is open for it."""
    if submission.state != State.REOPENED:
        return []
    rows = RequestedValue.objects.filter(correction__submission=submission, correction__state=CorrectionState.AGREED)
    return rows.select_related("figure__indicator", "published", "correction").order_by("figure__indicator__number")


@dataclass(frozen=True)
class ToTake:
    """A new value of the agreed request that the form doesn't say yet."""

    value: RequestedValue

    @property
    def figure(self) -> Figure:
        return self.value.figure

    @property
    def sent(self) -> str:
        return f"{self.value.pk}@{self.figure.revision}"


def to_take_in(submission: Submission) -> list[ToTake]:
    """The new values that may be taken over into the form as it is; no query unless it is open for a correction."""
    values = [each for each in open_request(submission) if each.figure.is_editable]
    return [ToTake(each) for each in values if not each.agrees_with(each.figure)]
