"""A later deadline: asking for it, and answering."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.actions.extensions import WITH_ORGANISATION
from submissions.addresses import address
from submissions.forms import ExtensionForm
from submissions.models import Extension, ExtensionState
from submissions.permissions import can_fill_in
from submissions.queries.extensions import extensions_of
from submissions.views.addressed import back_to_form, day_in, form_or_404, told


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def ask(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Ask for a later deadline of one's own form; former requests stand below."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    require(can_fill_in, request.user, submission)
    form = ExtensionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask_for_extension(
                submission, by=request.user, until=form.moment, reason=form.cleaned_data["reason"]
            )
        except ValidationError as refusal:
            for message in refusal.messages:
                form.add_error(None, message)
        else:
            messages.success(request, "延期申请已送专项小组。答复之前，仍按现在的报送时限。")
            return back_to_form(submission)
    known = extensions_of(submission)
    page = {
        "plan": request.plan,
        "submission": submission,
        "form": form,
        "requests": known,
        "is_open": any(each.state == ExtensionState.ASKED for each in known),
        "may_ask": submission.round == 0 and submission.state in WITH_ORGANISATION and not submission.is_shut,
    }
    return render(request, "submissions/extension.html", page, status=422 if form.errors else 200)


@require_POST
@plan_page
def answer(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Grant the open request, or refuse it."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    asked = get_object_or_404(Extension, submission=submission, state=ExtensionState.ASKED)
    words = request.POST.get("answer", "")
    if request.POST.get("decision") == "grant":
        due = day_in(request.POST.get("due_on", ""))
        told(
            request,
            lambda: actions.grant_extension(asked, by=request.user, deadline=due, answer=words),
            "已同意延期，这张填报表按新的时限报送。",
        )
    else:
        told(request, lambda: actions.refuse_extension(asked, by=request.user, answer=words), "已答复不同意延期。")
    return redirect(address(submission, "review"))
