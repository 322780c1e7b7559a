"""Reporting periods as the working group sees them: how far their forms are, what is still owed by whom."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from arithmetic.shown import working_days_in_words
from plans.calendar import working_days_left
from plans.models import PeriodState, Plan, ReportingPeriod
from submissions.models import Submission
from submissions.queries.forms import SubmissionQuerySet
from submissions.queries.stamped import lacking_by_period, lacking_stamp
from submissions.states import EDITABLE, WITH_GROUP, State

WITH_ORGANISATION = (*EDITABLE, State.AWAITING_HEAD)


@dataclass(frozen=True)
class Standing:
    """A period with the number of its forms in each state."""

    period: ReportingPeriod
    counts: Counter[State]
    lacking: int = 0
    """How many that came in owe their stamped paper."""

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def by_state(self) -> list[tuple[State, int]]:
        """The states that occur, in the order of a form's way."""
        return [(state, self.counts[state]) for state in State if self.counts[state]]

    @property
    def owed(self) -> int:
        """How many have not come in, or came back and are still with their organisation."""
        return sum(self.counts[State(state)] for state in WITH_ORGANISATION)

    @property
    def approved(self) -> int:
        return self.counts[State.APPROVED]

    @property
    def left(self) -> int:
        """Working days until the deadline; negative once it has passed."""
        return working_days_left(self.period.deadline)

    @property
    def left_in_words(self) -> str:
        return working_days_in_words(self.left)

    @property
    def is_planned(self) -> bool:
        return self.period.state == PeriodState.PLANNED

    @property
    def is_open(self) -> bool:
        return self.period.state == PeriodState.OPEN

    @property
    def is_closed(self) -> bool:
        return self.period.state == PeriodState.CLOSED


def standings(plan: Plan) -> list[Standing]:
    """Return the plan's periods, newest first; three queries."""
    counts: dict[int, Counter[State]] = defaultdict(Counter)
    for period, state in Submission.objects.filter(period__plan=plan).order_by().values_list("period", "state"):
        counts[period][State(state)] += 1
    periods = ReportingPeriod.objects.filter(plan=plan).select_related("plan", "closed_by")
    lacking = lacking_by_period(plan)
    return [
        Standing(period, counts[period.pk], lacking[period.pk])
        for period in periods.order_by("-ends_on", "-deadline", "code")
    ]


def still_owed(period: ReportingPeriod) -> SubmissionQuerySet:
    """The period's forms that are with their organisations, in the organisations' order."""
    owed = Submission.objects.filter(period=period, state__in=WITH_ORGANISATION)
    return owed.select_related("period__plan", "organisation", "reporter").order_by(
        "organisation__position", "organisation__code"
    )


def under_decision(period: ReportingPeriod) -> SubmissionQuerySet:
    """The period's forms that wait for the working group."""
    waiting = Submission.objects.filter(period=period, state__in=WITH_GROUP)
    return waiting.select_related("period__plan", "organisation").order_by("submitted_at", "id")


def unstamped(period: ReportingPeriod) -> SubmissionQuerySet:
    """The period's forms that came in and owe their stamped paper."""
    return lacking_stamp().filter(period=period)
