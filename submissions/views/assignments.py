"""Who reviews what: dividing it by organisation or indicator, ending it, handing it over."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from indicators.models import Indicator
from organisations.models import Organisation, User
from organisations.permissions import is_reviewer, require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.models import Assignment
from submissions.queries.assignments import division, reviewers_now
from submissions.views.queue import require_reader


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def assignments(request: PlanRequest) -> HttpResponse:
    """Who reviews what; a press gives a reviewer what is ticked."""
    require_reader(request)
    if request.method != "POST":
        page = {"plan": request.plan, "division": division(request.plan), "may_act": is_reviewer(request.user)}
        return render(request, "submissions/assignments.html", page)
    require(is_reviewer, request.user)
    to = _reviewer(request, "to")
    bodies = Organisation.objects.filter(pk__in=_keys(request, "organisation"))
    numbers = Indicator.objects.filter(plan=request.plan, pk__in=_keys(request, "indicator"))

    def verb() -> object:
        return actions.assign_reviews(request.plan, by=request.user, to=to, organisations=bodies, indicators=numbers)

    return _done(request, verb, f"已分给{to.name}审核。")


@require_POST
@plan_page
def end_assignment(request: PlanRequest, pk: int) -> HttpResponse:
    require(is_reviewer, request.user)
    found = get_object_or_404(Assignment, plan=request.plan, pk=pk)
    return _done(request, lambda: actions.end_assignment(found, by=request.user), "已结束这项分工。")


@require_POST
@plan_page
def hand_over_reviews(request: PlanRequest) -> HttpResponse:
    """Give everything that a reviewer reviews in the plan to another one."""
    require(is_reviewer, request.user)
    giver = get_object_or_404(User, pk__in=_keys(request, "from"))
    to, reason = _reviewer(request, "to"), request.POST.get("reason", "")

    def verb() -> object:
        return actions.hand_over_reviews(request.plan, by=request.user, from_user=giver, to=to, reason=reason)

    return _done(request, verb, f"{giver.name}的审核分工已移交给{to.name}。")


def _reviewer(request: PlanRequest, name: str) -> User:
    keys = _keys(request, name)
    found = next((each for each in reviewers_now() if each.pk in keys), None)
    if found is None:
        raise Http404
    return found


def _keys(request: PlanRequest, name: str) -> set[int]:
    return {int(key) for key in request.POST.getlist(name) if key.isdecimal() and len(key) < 19}


def _done(request: PlanRequest, verb: Callable[[], object], done: str) -> HttpResponse:
    try:
        verb()
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
    else:
        messages.success(request, done)
    return redirect("submissions:assignments", plan=request.plan.code)
