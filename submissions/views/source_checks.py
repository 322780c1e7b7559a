"""Checking what others reported against one's own data (数据会审)."""

from decimal import Decimal, InvalidOperation

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from audit.security import note
from organisations.models import Role
from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.models import Figure
from submissions.permissions import can_check_as_source
from submissions.queries.source_checks import to_check
from submissions.views.addressed import told

AGREES = "agrees"


@require_safe
@plan_page
def source_checks(request: PlanRequest) -> HttpResponse:
    """The handed-in figures that the person's organisation has the data of."""
    organisation = request.user.organisation
    if organisation is None or not request.user.has_role(Role.REPORTER, Role.HEAD):
        raise Http404
    figures = to_check(organisation, request.plan)
    left = sum(not each.is_checked for each in figures)
    if figures:
        note("data.view", by=request.user, about="数据会审", detail={"words": f"{len(figures)} 项未发布的数据"})
    page = {"plan": request.plan, "figures": figures, "left": left, "organisation": organisation}
    return render(request, "submissions/checks_by_source.html", page)


@require_POST
@plan_page
def check_as_source(request: PlanRequest, figure: int) -> HttpResponse:
    cell = get_object_or_404(Figure.objects.select_related("period__plan"), pk=figure, period__plan=request.plan)
    require(can_check_as_source, request.user, cell)
    agrees = request.POST.get("decision") == AGREES
    answer, value = request.POST.get("answer", ""), _value(request.POST.get("value", ""))
    remark = request.POST.get("remark", "")
    told(
        request,
        lambda: actions.check_as_source(
            cell, by=request.user, answer=answer, value=value, agrees=agrees, remark=remark
        ),
        f"已将“{cell.indicator}”标为已核对。" if agrees else f"已记录“{cell.indicator}”的会审意见，审核人会看到。",
    )
    return redirect("submissions:source_checks", request.plan.code)


def _value(text: str) -> Decimal | None:
    """The value that the page showed; something else than a number is no value that stands."""
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None
