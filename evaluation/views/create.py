from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from evaluation.actions import create_evaluation
from evaluation.forms import CreateForm
from evaluation.permissions import can_create_evaluation
from plans.pages import PlanRequest, plan_page


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def create(request: PlanRequest) -> HttpResponse:
    """Set up a case; its first stage begins at once."""
    if not can_create_evaluation(request.user):
        raise Http404
    form = CreateForm(request.plan, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            evaluation = create_evaluation(request.plan, by=request.user, **form.case())
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, f"已建立“{evaluation.name}”，第一阶段开始。")
            return redirect("evaluation:case", plan=request.plan.code, code=evaluation.code)
    context = {"plan": request.plan, "form": form}
    return render(request, "evaluation/create.html", context, status=422 if form.errors else 200)
