"""Who reviews what in a plan, and what nobody was given."""

from dataclasses import dataclass, field

from audit.clock import today
from indicators.models import Indicator
from organisations.models import Organisation, Role, User
from plans.models import Plan
from submissions.models import Assignment


@dataclass
class Reviewing:
    """A reviewer with what they were given."""

    reviewer: User
    organisations: list[Assignment] = field(default_factory=list)
    indicators: list[Assignment] = field(default_factory=list)

    @property
    def rows(self) -> list[Assignment]:
        return [*self.organisations, *self.indicators]


@dataclass(frozen=True)
class Division:
    """How reviewing is divided in a plan: by reviewer, and the organisations that nobody was given."""

    by_reviewer: list[Reviewing]
    reviewers: list[User]
    organisations: list[Organisation]
    indicators: list[Indicator]

    @property
    def left(self) -> list[Organisation]:
        given = {row.organisation_id for each in self.by_reviewer for row in each.organisations}
        return [body for body in self.organisations if body.pk not in given]


def reviewers_now() -> list[User]:
    """Everybody who reviews, by name."""
    grants = {"grants__role": Role.REVIEWER, "grants__withdrawn_at": None}
    found = User.objects.filter(is_active=True, **grants).exclude(left_on__lt=today())
    return list(found.select_related("organisation").distinct().order_by("name", "pk"))


def division(plan: Plan) -> Division:
    """Return who reviews what; organisations are those that have had a form of the plan, a few queries in all."""
    rows = Assignment.objects.filter(plan=plan, ended_at=None).select_related(
        "reviewer__organisation", "organisation", "indicator__category", "indicator__task", "indicator__project"
    )
    found: dict[int, Reviewing] = {}
    for row in rows.order_by("reviewer__name", "organisation__position", "indicator__number"):
        each = found.setdefault(row.reviewer_id, Reviewing(row.reviewer))
        (each.organisations if row.organisation_id is not None else each.indicators).append(row)
    bodies = Organisation.objects.filter(submissions__period__plan=plan).distinct()
    indicators = Indicator.objects.filter(plan=plan, is_counted=True).select_related("category", "task", "project")
    return Division(
        list(found.values()),
        reviewers_now(),
        list(bodies.order_by("position", "code")),
        list(indicators.order_by("number")),
    )
