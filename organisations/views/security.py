"""Roles and locks, for the security administrator; the security trail, for the security auditor."""

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from audit.clock import today
from audit.models import SecurityRecord
from organisations import actions
from organisations.forms import GrantForm, ReasonForm, WithdrawForm
from organisations.lockout import locked_accounts
from organisations.models import Role, User
from organisations.permissions import can_change_roles, is_security_administrator, is_security_auditor
from organisations.queries import people_found, role_labels
from organisations.security_trail import SecurityTrail, actions_in_groups, asked_in, line_of
from organisations.views.doors import PersonRequest, only, told

PAGE = 50


@require_safe
@only(is_security_administrator)
def roles(request: PersonRequest) -> HttpResponse:
    text, role = request.GET.get("q", "").strip(), request.GET.get("role", "")
    found = people_found(text)
    if role:
        found = found.filter(grants__role=role, grants__withdrawn_at=None)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    locked = locked_accounts()
    names = {user.username: user for user in User.objects.filter(username__in=[each["username"] for each in locked])}
    context = {
        "page": page,
        "rows": [(person, role_labels(person)) for person in page],
        "q": text,
        "role": role,
        "choices": Role.choices,
        "locked": [(each, names.get(each["username"])) for each in locked],
        "reason_form": ReasonForm(initial={"reason": "本人申请解锁"}),
    }
    return render(request, "organisations/roles.html", context)


@require_safe
@only(is_security_administrator)
def person_roles(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User.objects.select_related("organisation"), pk=pk)
    grants = list(who.grants.select_related("granted_by", "withdrawn_by").order_by("-granted_at", "-pk"))
    context = {
        "person": who,
        "live": [grant for grant in grants if grant.withdrawn_at is None],
        "past": [grant for grant in grants if grant.withdrawn_at is not None],
        "may": can_change_roles(request.user, who),
        "grant_form": GrantForm(),
        "reason_form": ReasonForm(),
    }
    return render(request, "organisations/person_roles.html", context)


@require_POST
@only(is_security_administrator)
def grant_role(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User, pk=pk)

    def verb(data: dict[str, Any]) -> str:
        grant = actions.grant_role(who, data["role"], by=request.user, reason=data["reason"])
        return f"已授予{who.name}“{grant.get_role_display()}”角色。"

    told(request, GrantForm(request.POST), verb)
    return redirect("person_roles", pk=pk)


@require_POST
@only(is_security_administrator)
def withdraw_role(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User, pk=pk)

    def verb(data: dict[str, Any]) -> str:
        grant = get_object_or_404(who.grants, pk=data["grant"].pk)
        actions.withdraw_role(grant, by=request.user, reason=data["reason"])
        return f"已收回{who.name}的“{grant.get_role_display()}”角色。"

    told(request, WithdrawForm(request.POST), verb)
    return redirect("person_roles", pk=pk)


@require_POST
@only(is_security_administrator)
def unlock(request: PersonRequest, pk: int) -> HttpResponse:
    who = get_object_or_404(User, pk=pk)

    def verb(data: dict[str, Any]) -> str:
        actions.unlock(who, by=request.user, reason=data["reason"])
        return f"{who.name}的账号已解锁。"

    told(request, ReasonForm(request.POST), verb)
    return redirect("roles")


@require_safe
@only(is_security_auditor)
def security_trail(request: PersonRequest) -> HttpResponse:
    """Show the security trail; what is asked for stands in the address."""
    asked = asked_in(request.GET)
    trail: Any = SecurityTrail(request.user, asked)
    page: Page[SecurityRecord] = Paginator(trail, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [line_of(record) for record in page],
        "asked": asked,
        "groups": actions_in_groups(),
        "months": settings.SECURITY_TRAIL_MONTHS,
    }
    return render(request, "organisations/security_trail.html", context)


@require_POST
@only(is_security_auditor)
def export_security_trail(request: PersonRequest) -> HttpResponse:
    """Send what the page shows as a sheet; taking it out is recorded, so it is a POST."""
    asked = asked_in(request.POST)
    try:
        sheet = actions.export_security_trail(asked, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
        return redirect(f"{reverse('security_trail')}?{asked.query}")
    answer = HttpResponse(sheet.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    name = quote(f"安全审计记录-{today():%Y%m%d}.csv")
    answer["Content-Disposition"] = f"attachment; filename=\"security-trail.csv\"; filename*=UTF-8''{name}"
    return answer
