"""The page before a form goes out: what is missing, what is odd, what will be sent."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations.models import Role
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.addresses import address
from submissions.models import Submission
from submissions.permissions import belongs_to_form, can_confirm, can_fill_in
from submissions.queries.levels import way_of
from submissions.queries.outgoing import outgoing
from submissions.queries.stamped import paper_of
from submissions.states import State
from submissions.views.addressed import back_to_form, form_or_404


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def check(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Show what would be sent; a press submits it. The head confirms, or sends back, on the same page."""
    submission = form_or_404(request.plan, period, organisation, request.user, paper=True)
    if request.method == "POST":
        return _submit(request, submission)
    if not (belongs_to_form(request.user, submission) and request.user.has_role(Role.REPORTER, Role.HEAD)):
        raise Http404
    page = {
        "plan": request.plan,
        "form": submission,
        "page": outgoing(submission),
        "way": way_of(submission),
        "paper": paper_of(submission),
        "may_submit": submission.is_editable and can_fill_in(request.user, submission),
        "may_withdraw": submission.state == State.SUBMITTED and can_fill_in(request.user, submission),
        "may_confirm": submission.state == State.AWAITING_HEAD and can_confirm(request.user, submission),
    }
    return render(request, "submissions/check.html", page)


def _submit(request: PlanRequest, submission: Submission) -> HttpResponse:
    try:
        sent = actions.submit(submission, by=request.user)
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
        return redirect(address(submission, "check"))
    late = "（逾期报送，已如实记录时间）" if sent.state == State.SUBMITTED and sent.is_late else ""
    to = "送单位负责人确认" if sent.state == State.AWAITING_HEAD else "提交给专项小组"
    messages.success(request, f"{submission}已{to}{late}。")
    return back_to_form(submission)
