from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit.clock import today
from audit.past import moment_in
from organisations.permissions import reads_business, require
from overview.desks import desk_of
from overview.desks.parts import counted
from overview.queries.plan_then import plan_at
from plans.models import Plan
from plans.pages import PlanRequest, plan_page


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the desk in the newest plan."""
    plan = Plan.objects.first()
    if plan is None:
        return render(request, "overview/no_plan.html")
    return redirect("overview:desk", plan=plan.code)


@require_safe
@plan_page
def desk(request: PlanRequest) -> HttpResponse:
    """Show what waits for the person, each role's question answered first; with ``?as_of=`` what the plan itself was at
    a moment, for those who read business."""
    moment = moment_in(request.GET.get("as_of", ""))
    if moment is not None:
        require(reads_business, request.user)
        latest, then = reverse("overview:desk", args=[request.plan.code]), plan_at(request.plan, moment)
        context = {"plan": request.plan, "then": then, "latest": latest, "as_of": request.GET["as_of"]}
        return render(request, "overview/plan_as_of.html", context)
    parts = desk_of(request.user, request.plan)
    answer = counted(sum(len(part.duties) for part in parts), sum(part.late for part in parts))
    return render(
        request,
        "overview/desk.html",
        {
            "plan": request.plan,
            "parts": parts,
            "answer": parts[0].answer if len(parts) == 1 else answer,
            "today": today(),
        },
    )
