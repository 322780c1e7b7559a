"""Proposed values: those that wait in a form, and how far those of a period are decided on."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from arithmetic.shown import number_on_screen
from plans.models import ReportingPeriod
from submissions.models import Answer, Figure, ProposalState, ProposedValue, Submission
from submissions.models.figure import YES_OR_NO
from submissions.words import plain


@dataclass(frozen=True)
class Waiting:
    """A proposed value beside what stands in the form now."""

    proposal: ProposedValue

    @property
    def figure(self) -> Figure:
        return self.proposal.figure

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in the form yet."""
        return self.figure.answer == Answer.BLANK

    @property
    def shown(self) -> str:
        """What is proposed, as a page shows it; parts and percents as they were written."""
        value, text = self.proposal.value, self.proposal.text
        return (
            number_on_screen(value)
            if self.proposal.answer == Answer.VALUE and text == plain(value)
            else self.proposal.shown
        )

    @property
    def unit(self) -> str:
        return (
            self.figure.indicator.unit
            if self.proposal.value is not None and self.proposal.text not in YES_OR_NO
            else ""
        )

    @property
    def sent(self) -> str:
        return f"{self.proposal.pk}@{self.figure.revision}"


def waiting_in(submission: Submission) -> Sequence[Waiting]:
    """The proposed values that the organisation may still decide on, and that its form doesn't say already; one query."""
    rows = ProposedValue.objects.filter(figure__submission=submission, state=ProposalState.PROPOSED)
    found = rows.select_related("figure__indicator").order_by("figure__indicator__number")
    return [Waiting(each) for each in found if each.figure.is_editable and not each.agrees_with(each.figure)]


def progress_of_proposals(period: ReportingPeriod) -> list[tuple[str, int]]:
    """How many of the period's proposed values are in which state, in words."""
    counts = ProposedValue.objects.filter(figure__period=period).values("state").order_by().annotate(count=Count("pk"))
    by_state = {row["state"]: row["count"] for row in counts}
    return [(state.label, by_state[state]) for state in ProposalState if state in by_state]
