"""How to reach an organisation's contact: masked at first, in full on purpose and on record."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from organisations import actions
from organisations.contact import masked_phone
from organisations.forms import ReasonForm
from organisations.models import Organisation, User
from organisations.permissions import is_system_administrator, reads_business
from organisations.views.doors import PersonRequest, only, told


def _has_business(user: User) -> bool:
    return reads_business(user) or is_system_administrator(user)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@only(_has_business)
def organisation_contact(request: PersonRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation, pk=pk)
    page: dict[str, Any] = {
        "organisation": organisation,
        "phone": masked_phone(organisation.contact_phone),
        "may_erase": is_system_administrator(request.user) and organisation.contact_phone,
    }
    if request.method == "POST":
        page["contact"] = actions.reveal_contact_details(organisation, by=request.user)
    return render(request, "organisations/organisation_contact.html", page)


@require_POST
@only(is_system_administrator)
def erase_organisation_contact(request: PersonRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation, pk=pk)

    def verb(data: dict[str, Any]) -> str:
        actions.erase_contact_details(organisation, by=request.user, reason=data["reason"])
        return f"{organisation.name}的联络电话已清除。"

    told(request, ReasonForm(request.POST), verb)
    return redirect("organisation_contact", pk=pk)
