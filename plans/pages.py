"""What every page of a plan begins with: a signed-in person and the plan of the address."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from organisations.models import User
from plans.models import Plan


class PlanRequest(HttpRequest):
    """A request of a signed-in person for a page of a plan."""

    plan: Plan
    user: User


def plan_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Require sign-in, and put the plan that the address names (404 where there is none) on the request.

    The view is called as ``view(request, **other_parts_of_the_address)`` with ``request.plan`` set.
    """

    @wraps(view)
    def page(request: Any, plan: str, **parts: Any) -> HttpResponseBase:
        request.plan = get_object_or_404(Plan.objects.select_related("host"), code=plan)
        return view(request, **parts)

    return login_required(page)
