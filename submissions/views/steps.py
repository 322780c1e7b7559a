"""Presses that move a form within its organisation."""

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.views.addressed import back_to_form, form_or_404, told


@require_POST
@plan_page
def withdraw(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    submission = form_or_404(request.plan, period, organisation, request.user)
    reason = request.POST.get("reason", "")
    told(request, lambda: actions.withdraw(submission, by=request.user, reason=reason), "已撤回，可以继续修改。")
    return back_to_form(submission)


@require_POST
@plan_page
def confirm(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    submission = form_or_404(request.plan, period, organisation, request.user)
    told(request, lambda: actions.confirm(submission, by=request.user), "已确认并提交给专项小组。")
    return back_to_form(submission)


@require_POST
@plan_page
def send_back(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    submission = form_or_404(request.plan, period, organisation, request.user)
    reason = request.POST.get("reason", "")
    told(request, lambda: actions.send_back(submission, by=request.user, reason=reason), "已退回填报人。")
    return back_to_form(submission)
