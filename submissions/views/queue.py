"""The queue: what waits for the working group, in the order and with the filters that the address has."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.models import OrganisationKind, Role
from organisations.permissions import is_reviewer
from plans.models import PeriodState, ReportingPeriod
from plans.pages import PlanRequest, plan_page
from submissions.queries.extensions import extensions_asked
from submissions.queries.queue import PAGE, Chosen, has_assignments, queued, waiting
from submissions.queries.review import corrections_asked, next_deadline

NEWS = (("unseen", "未看过"), ("changed", "看后有变动"), ("same", "看后无变动"))
ODD = (("yes", "有疑点"), ("no", "没有疑点"))
SORTS = (("", "审核时限"), ("organisation", "单位"), ("filled", "未填项数"), ("odd", "疑点"), ("changed", "变动"))


def require_reader(request: PlanRequest) -> None:
    if not request.user.has_role(Role.REVIEWER, Role.LEADER, Role.AUDITOR):
        raise Http404


@require_safe
@plan_page
def queue(request: PlanRequest) -> HttpResponse:
    """What waits for the working group: forms to decide on, corrections to answer."""
    require_reader(request)
    periods = ReportingPeriod.objects.filter(plan=request.plan).exclude(state=PeriodState.PLANNED)
    known = list(periods.order_by("-ends_on"))
    assigned = has_assignments(request.user, request.plan)
    chosen = chosen_in(request, [period.code for period in known], assigned)
    keys = list(waiting(request.user, request.plan, chosen).values_list("pk", flat=True))  # counted and cut here
    page = Paginator(keys, PAGE)
    shown = page.get_page(request.GET.get("page"))
    rows = queued(list(shown.object_list), request.user)
    found = {
        "plan": request.plan,
        "queue": rows,
        "total": page.count,
        "page": shown,
        "chosen": chosen,
        "choices": {"periods": known, "kinds": OrganisationKind.choices, "news": NEWS, "odd": ODD, "sorts": SORTS},
        "has_assignments": assigned or chosen.whose == "mine",
        "may_approve": is_reviewer(request.user) and any(each.may_be_approved_unread for each in rows),
        "corrections": corrections_asked(request.plan),
        "extensions": extensions_asked(request.plan.pk),
        "next_deadline": None if page.count else next_deadline(request.plan),
    }
    return render(request, "submissions/queue.html", found)


def chosen_in(request: PlanRequest, periods: list[str], assigned: bool | None = None) -> Chosen:
    """What the address chooses; whoever has been assigned something sees that first."""
    chosen = Chosen.read(request.GET, periods)
    if chosen.whose:
        return chosen
    if assigned is None:
        assigned = has_assignments(request.user, request.plan)
    if not assigned:
        return chosen
    return Chosen.read({**request.GET.dict(), "whose": "mine"}, periods)
