from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from evaluation.actions import decide_assessment, withdraw_decision
from evaluation.forms import DecisionForm
from evaluation.models import Evaluation
from evaluation.permissions import can_decide_assessment
from evaluation.queries import Assessed, assess
from evaluation.views.case import case_or_404
from plans.pages import PlanRequest, plan_page


def assessed_or_404(evaluation: Evaluation, number: int) -> Assessed:
    row = next((each for each in assess(evaluation) if each.number == number), None)
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def judgement(request: PlanRequest, code: str, number: int) -> HttpResponse:
    """Show how an indicator is judged and by which rule; take a person's own judgement."""
    evaluation = case_or_404(request.plan, code, request.user)
    row = assessed_or_404(evaluation, number)
    initial = row.decided and {"verdict": row.decided.verdict, "outlook": row.decided.outlook}
    form = DecisionForm(request.POST or None, initial=initial or None)
    if request.method == "POST" and form.is_valid():
        try:
            decide_assessment(evaluation, row.indicator, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            messages.success(request, "人工判定已保存，与规则提出的判定一并显示。")
            return redirect("evaluation:judgement", plan=request.plan.code, code=code, number=number)
    context = {
        "plan": request.plan,
        "evaluation": evaluation,
        "row": row,
        "form": form,
        "may_decide": can_decide_assessment(request.user, evaluation),
    }
    return render(request, "evaluation/judgement.html", context, status=422 if form.errors else 200)


@require_POST
@plan_page
def withdraw(request: PlanRequest, code: str, number: int) -> HttpResponse:
    evaluation = case_or_404(request.plan, code, request.user)
    row = assessed_or_404(evaluation, number)
    try:
        if row.decided is None:
            raise ValidationError("这项指标没有人工判定。")
        withdraw_decision(row.decided, by=request.user, reason=request.POST.get("reason", ""))
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, "人工判定已撤销，恢复为规则提出的判定。")
    return redirect("evaluation:judgement", plan=request.plan.code, code=code, number=number)
