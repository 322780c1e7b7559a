"""Review: the queue, one form, the decision."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organisations.models import Role
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.models import Submission
from submissions.views.addressed import address, form_or_404, told


def _require_reader(request: PlanRequest) -> None:
    if not request.user.has_role(Role.REVIEWER, Role.LEADER, Role.AUDITOR):
        raise Http404


@require_GET
@plan_page
def queue(request: PlanRequest) -> HttpResponse:
    _require_reader(request)
    return HttpResponse("\n".join(map(str, Submission.objects.waiting_for_review(request.user, request.plan))))


@require_http_methods(["GET", "POST"])
@plan_page
def review(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    _require_reader(request)
    submission = form_or_404(request.plan, period, organisation, request.user)
    if request.method == "POST":
        told(request, lambda: actions.approve(submission, by=request.user, round=submission.round), "已通过。")
        return redirect(address(submission, "review"))
    return HttpResponse(str(submission))


@require_POST
@plan_page
def withdraw_approval(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    _require_reader(request)
    submission = form_or_404(request.plan, period, organisation, request.user)
    reason = request.POST.get("reason", "")
    told(request, lambda: actions.withdraw_approval(submission, by=request.user, reason=reason), "已撤销通过。")
    return redirect(address(submission, "review"))
