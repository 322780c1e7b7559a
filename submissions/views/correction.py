"""Correcting what is published: asking, and answering."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.addresses import address
from submissions.models import Correction, CorrectionState, Figure, Submission
from submissions.permissions import can_fill_in
from submissions.queries.previous import figures_of
from submissions.states import CellState, State
from submissions.views.addressed import back_to_form, day_in, form_or_404, told


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def ask(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Ask to correct approved figures of one's own form."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    require(can_fill_in, request.user, submission)
    if request.method != "POST":
        return render(request, "submissions/correction.html", _page(submission, set(), ""))
    keys = {int(key) for key in request.POST.getlist("figures") if key.isdecimal() and len(key) < 19}
    reason = request.POST.get("reason", "")
    figures = Figure.objects.filter(submission=submission, pk__in=keys)
    if request.POST.get("whole") == "1":
        figures = Figure.objects.filter(submission=submission, is_owed=True, state=CellState.APPROVED)
        keys = set(figures.values_list("pk", flat=True))
    try:
        actions.ask_for_correction(submission, by=request.user, figures=figures, reason=reason)
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
        return render(request, "submissions/correction.html", _page(submission, keys, reason), status=422)
    messages.success(request, "更正申请已送专项小组。答复之前，已发布的值不变。")
    return back_to_form(submission)


def _page(submission: Submission, ticked: set[int], reason: str) -> dict[str, object]:
    figures = [figure for figure in figures_of(submission) if figure.state == CellState.APPROVED]
    requests = Correction.objects.filter(submission=submission).select_related("asked_by", "decided_by")
    known = list(requests.order_by("-asked_at"))
    open_states = (CorrectionState.ASKED, CorrectionState.AGREED)
    return {
        "plan": submission.period.plan,
        "form": submission,
        "figures": [(figure, figure.pk in ticked) for figure in figures],
        "reason": reason,
        "requests": known,
        "may_ask": submission.state == State.APPROVED and not any(each.state in open_states for each in known),
    }


@require_POST
@plan_page
def answer(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Agree to the open request, or refuse it."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    asked = get_object_or_404(Correction, submission=submission, state=CorrectionState.ASKED)
    words = request.POST.get("answer", "")
    if request.POST.get("decision") == "agree":
        due = day_in(request.POST.get("due_on", ""))
        done = "已同意更正。填报单位可以修改申请的各项，重新审核通过之前，已发布的值不变。"
        told(request, lambda: actions.agree_to_correction(asked, by=request.user, answer=words, deadline=due), done)
    else:
        done = "已答复不同意更正，已发布的值不变。"
        told(request, lambda: actions.refuse_correction(asked, by=request.user, answer=words), done)
    return redirect(address(submission, "review"))
