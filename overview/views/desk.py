from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from plans.models import Plan
from plans.pages import PlanRequest, plan_page


@require_http_methods(["GET"])
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the desk in the newest plan."""
    plan = Plan.objects.first()
    if plan is None:
        return render(request, "overview/no_plan.html")
    return redirect("overview:desk", plan=plan.code)


@require_http_methods(["GET"])
@plan_page
def desk(request: PlanRequest) -> HttpResponse:
    return render(request, "overview/desk.html", {"plan": request.plan})
