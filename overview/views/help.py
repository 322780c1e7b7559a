from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organisations.models import Role
from organisations.permissions import can_see_contact_of_organisation
from plans.pages import PlanRequest, plan_page


@require_safe
@plan_page
def help_page(request: PlanRequest) -> HttpResponse:
    """Tell each role what it does, step by step; a person reads of their own roles only."""
    roles, organisation = request.user.roles, request.user.organisation
    context = {
        "plan": request.plan,
        "roles": roles,
        "role_names": "、".join(role.label for role in Role if role in roles),
        "organisation": organisation,
        "has_business": can_see_contact_of_organisation(request.user, organisation),
    }
    return render(request, "overview/help.html", context)
