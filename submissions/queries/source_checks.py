"""Figures that another organisation reported and that this one has the data of (数据会审)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from audit.clock import today
from organisations.models import Organisation, valid_on
from plans.models import Plan
from responsibilities.models import Part, Responsibility
from submissions.models import Answer, Figure, SourceCheck
from submissions.states import WITH_GROUP, CellState


@dataclass(frozen=True)
class ToCheck:
    """One figure with what its source organisation said of it."""

    figure: Figure
    said: SourceCheck | None

    @property
    def value_seen(self) -> str:
        """The exact value, for the page to send back: the check is of what was seen."""
        return "" if self.figure.value is None else f"{self.figure.value:f}"

    @property
    def is_checked(self) -> bool:
        return self.said is not None and self.said.speaks_of(self.figure)

    @property
    def is_outdated(self) -> bool:
        """Whether the value was changed after it was checked."""
        return self.said is not None and not self.is_checked


def sourced_by(organisation: Organisation, plan: Plan) -> QuerySet[Responsibility]:
    """The indicators of the plan that the organisation has the data of today."""
    rows = Responsibility.objects.filter(valid_on(today()), plan=plan, part=Part.DATA_SOURCE)
    return rows.filter(organisation=organisation, indicator__isnull=False)


def handed_in_for(organisation: Organisation, plan: Plan) -> QuerySet[Figure]:
    """Figures that others handed in and that aren't decided on yet; drafts stay with those who write them."""
    rows = Figure.objects.filter(
        period__plan=plan,
        indicator__in=sourced_by(organisation, plan).values("indicator"),
        is_owed=True,
        state=CellState.SUBMITTED,
        submission__state__in=WITH_GROUP,
    )
    return rows.exclude(organisation=organisation).exclude(answer=Answer.BLANK)


def to_check(organisation: Organisation, plan: Plan) -> Sequence[ToCheck]:
    """Return the figures to check by period, what isn't checked first; two queries."""
    rows = handed_in_for(organisation, plan).select_related("indicator", "period", "organisation", "submission")
    figures = list(rows.order_by("-period__ends_on", "indicator__number", "organisation__position"))
    said = {each.figure_id: each for each in SourceCheck.objects.filter(figure__in=figures, organisation=organisation)}
    found = [ToCheck(figure, said.get(figure.pk)) for figure in figures]
    return sorted(found, key=lambda each: each.is_checked)
