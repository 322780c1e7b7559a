"""The page before a form goes out."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.views.addressed import back_to_form, form_or_404, told


@require_http_methods(["GET", "POST"])
@plan_page
def check(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    submission = form_or_404(request.plan, period, organisation, request.user)
    if request.method == "POST":
        told(request, lambda: actions.submit(submission, by=request.user), "已提交。")
        return back_to_form(submission)
    return HttpResponse(str(submission))
