"""Keeping a case: its dates and its round, and who is in the working group."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation import actions
from evaluation.forms import ChangeForm, MemberForm
from evaluation.permissions import can_change_case
from evaluation.views.case import case_or_404
from organisations.permissions import require
from plans.pages import PlanRequest, plan_page


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def change(request: PlanRequest, code: str) -> HttpResponse:
    """Change the case's dates, its round and its plan; the overview and the report follow."""
    evaluation = case_or_404(request.plan, code, request.user)
    require(can_change_case, request.user, evaluation)
    form = ChangeForm(evaluation, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_case(evaluation, by=request.user, **form.changes())
        except ValidationError as refusal:
            for message in refusal.messages:
                form.add_error(None, message)
        else:
            messages.success(request, "已变更。总览、判断和报告按新的日期和专项填报计算。")
            return redirect("evaluation:case", plan=request.plan.code, code=code)
    page = {"plan": request.plan, "evaluation": evaluation, "form": form}
    return render(request, "evaluation/change.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def group(request: PlanRequest, code: str) -> HttpResponse:
    """The working group of the case: who is in it, and naming one more."""
    evaluation = case_or_404(request.plan, code, request.user)
    require(can_change_case, request.user, evaluation)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            actions.name_group(evaluation, by=request.user, members=[(data["user"], data["part"], data["task"])])
        except ValidationError as refusal:
            for message in refusal.messages:
                form.add_error(None, message)
        else:
            messages.success(request, f"{data['user'].name}已列入专项小组。")
            return redirect("evaluation:group", plan=request.plan.code, code=code)
    members = list(evaluation.members.select_related("user__organisation").order_by("id"))
    page = {
        "plan": request.plan,
        "evaluation": evaluation,
        "form": form,
        "members": [each for each in members if each.left_on is None],
        "left": [each for each in members if each.left_on is not None],
    }
    return render(request, "evaluation/group.html", page, status=422 if form.errors else 200)


@require_POST
@plan_page
def leave(request: PlanRequest, code: str, member: int) -> HttpResponse:
    evaluation = case_or_404(request.plan, code, request.user)
    require(can_change_case, request.user, evaluation)
    found = get_object_or_404(evaluation.members.select_related("user"), pk=member)
    try:
        actions.leave_group(found, by=request.user, reason=request.POST.get("reason", ""))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, f"{found.user.name}已退出专项小组。")
    return redirect("evaluation:group", plan=request.plan.code, code=code)
