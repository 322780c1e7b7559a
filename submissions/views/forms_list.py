"""Lists of forms: one's own organisation's, or all for the working group."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.models import OrganisationKind, Role
from organisations.permissions import is_reviewer, reads_business
from plans.models import PeriodState, ReportingPeriod
from plans.pages import PlanRequest, plan_page
from submissions.models import Submission
from submissions.queries.forms import SubmissionQuerySet
from submissions.queries.source_checks import sourced_by
from submissions.states import State


@require_safe
@plan_page
def forms(request: PlanRequest) -> HttpResponse:
    """Forms by period, newest first; what is filtered by stands in the address."""
    if not reads_business(request.user):
        raise Http404
    reads_all = request.user.has_role(Role.REVIEWER, Role.LEADER, Role.AUDITOR)
    found = Submission.objects.for_user(request.user).filter(period__plan=request.plan).with_progress()
    found = found.select_related("period__plan", "organisation")
    chosen = _chosen(request, request.plan.pk)
    page = {
        "plan": request.plan,
        "reads_all": reads_all,
        "forms": _filtered(found, chosen) if reads_all else found.order_by("-period__ends_on", "-deadline"),
        "chosen": chosen,
        "periods": ReportingPeriod.objects.filter(plan=request.plan).order_by("-ends_on"),
        "states": State.choices,
        "kinds": OrganisationKind.choices,
        "has_data": _has_data(request),
        "planned": _planned(request) if is_reviewer(request.user) else [],
    }
    return render(request, "submissions/forms.html", page)


def _chosen(request: HttpRequest, plan: int) -> dict[str, str]:
    """The filters of the address; a word that is none is ignored."""
    known = {
        "period": set(ReportingPeriod.objects.filter(plan=plan).values_list("code", flat=True)),
        "state": set(State.values),
        "kind": set(OrganisationKind.values),
    }
    return {name: value for name, values in known.items() if (value := request.GET.get(name, "")) in values}


def _filtered(found: SubmissionQuerySet, chosen: dict[str, str]) -> SubmissionQuerySet:
    columns = {"period": "period__code", "state": "state", "kind": "organisation__kind"}
    found = found.filter(**{columns[name]: value for name, value in chosen.items()})
    return found.order_by("-period__ends_on", "period", "organisation__position", "organisation__code")


def _planned(request: PlanRequest) -> list[ReportingPeriod]:
    rows = ReportingPeriod.objects.filter(plan=request.plan, state=PeriodState.PLANNED)
    return list(rows.select_related("plan").order_by("deadline"))


def _has_data(request: PlanRequest) -> bool:
    """Whether the person's organisation has the data of what others report."""
    organisation = request.user.organisation
    if organisation is None or not request.user.has_role(Role.REPORTER, Role.HEAD):
        return False
    return sourced_by(organisation, request.plan).exists()
