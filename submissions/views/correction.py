"""Correcting what is published: asking, and answering."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST

from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.models import Correction, CorrectionState, Figure
from submissions.views.addressed import address, back_to_form, form_or_404, told


@require_http_methods(["GET", "POST"])
@plan_page
def ask(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    submission = form_or_404(request.plan, period, organisation, request.user)
    if request.method == "POST":
        keys = [int(key) for key in request.POST.getlist("figures") if key.isdecimal()]
        figures = Figure.objects.filter(submission=submission, pk__in=keys)
        reason = request.POST.get("reason", "")
        told(
            request,
            lambda: actions.ask_for_correction(submission, by=request.user, figures=figures, reason=reason),
            "更正申请已提交给专项小组。",
        )
        return back_to_form(submission)
    return HttpResponse(str(submission))


@require_POST
@plan_page
def answer(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    submission = form_or_404(request.plan, period, organisation, request.user)
    asked = get_object_or_404(Correction, submission=submission, state=CorrectionState.ASKED)
    words = request.POST.get("answer", "")
    if request.POST.get("decision") == "agree":
        told(request, lambda: actions.agree_to_correction(asked, by=request.user, answer=words), "已同意更正。")
    else:
        told(request, lambda: actions.refuse_correction(asked, by=request.user, answer=words), "已答复不同意更正。")
    return redirect(address(submission, "review"))
