from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from organisations.permissions import is_auditor, reads_business, require
from plans.pages import PlanRequest, plan_page


@require_http_methods(["GET"])
@plan_page
def trace(request: PlanRequest, number: int) -> HttpResponse:
    require(reads_business, request.user)
    return render(request, "overview/desk.html", {"plan": request.plan})


@require_http_methods(["GET"])
@plan_page
def search(request: PlanRequest) -> HttpResponse:
    require(reads_business, request.user)
    return render(request, "overview/desk.html", {"plan": request.plan})


@require_http_methods(["GET"])
@plan_page
def help_page(request: PlanRequest) -> HttpResponse:
    return render(request, "overview/desk.html", {"plan": request.plan})


@require_http_methods(["GET"])
@plan_page
def audit(request: PlanRequest) -> HttpResponse:
    require(is_auditor, request.user)
    return render(request, "overview/desk.html", {"plan": request.plan})
