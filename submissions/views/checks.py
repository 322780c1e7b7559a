"""The rules of the checks for the working group, one rule's settings, and a reporter's answer to a finding."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from audit.models import Door
from audit.recording import door_of_request
from organisations.models import Role
from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.addresses import address
from submissions.checks.rules import BY_CODE
from submissions.checks.tuning_form import TuningForm
from submissions.models import CheckSetting, Figure
from submissions.permissions import can_fill_in, can_tune_checks
from submissions.queries.checks import past_settings, standing_rules
from submissions.views.addressed import form_or_404, told
from submissions.views.form import is_by_script

READERS = (Role.REVIEWER, Role.LEADER, Role.AUDITOR)


@require_safe
@plan_page
def checks(request: PlanRequest) -> HttpResponse:
    """Every rule: what it looks for, how it is set, how often it fired and how often that was explained away."""
    if not request.user.has_role(*READERS):
        raise Http404
    rules = standing_rules(request.plan)
    page = {
        "plan": request.plan,
        "rules": rules,
        "off": sum(each.tuned.is_off for each in rules),
        "may_tune": can_tune_checks(request.user, request.plan),
    }
    return render(request, "submissions/checks.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def tune_check(request: PlanRequest, rule: str) -> HttpResponse:
    """One rule in the plan: its settings and their history; a reviewer sets it for the plan or an indicator."""
    if not request.user.has_role(*READERS) or rule not in BY_CODE:
        raise Http404
    known, may_tune = BY_CODE[rule], can_tune_checks(request.user, request.plan)
    if request.method == "POST":
        require(can_tune_checks, request.user, request.plan)
    form = TuningForm(request.plan, known, request.POST or None, setting=_setting(request, rule))
    if request.method == "POST" and form.is_valid():
        try:
            actions.tune_check(request.plan, rule, by=request.user, **form.setting())
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, f"已调整“{known.title}”。填报和审核页面立即按新的设置校核。")
            return redirect("submissions:tune_check", request.plan.code, rule)
    standing = next(each for each in standing_rules(request.plan) if each.rule is known)
    page = {
        "plan": request.plan,
        "each": standing,
        "form": form,
        "may_tune": may_tune,
        "past": past_settings(request.plan, known),
    }
    return render(request, "submissions/checks_rule.html", page, status=422 if form.errors else 200)


def _setting(request: PlanRequest, rule: str) -> CheckSetting | None:
    """The setting that ``?indicator=`` names by the indicator's number, else the plan's own."""
    number = request.GET.get("indicator", "")
    settings = CheckSetting.objects.filter(plan=request.plan, rule=rule)
    if number.isdecimal() and len(number) < 6:
        return settings.filter(indicator__number=int(number)).first()
    return settings.filter(indicator=None).first()


@require_POST
@plan_page
def explain_finding(request: PlanRequest, period: str, organisation: str, figure: int) -> HttpResponse:
    """Answer one finding of a cell; the same value isn't asked about again."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    require(can_fill_in, request.user, submission)
    door_of_request.set(Door.FORM)
    cell = get_object_or_404(Figure, submission=submission, pk=figure)
    rule, reason = request.POST.get("rule", ""), request.POST.get("reason", "")
    if is_by_script(request):  # which has the row told anew
        try:
            actions.explain_finding(cell, by=request.user, rule=rule, reason=reason)
        except ValidationError as why:
            return JsonResponse({"words": why.messages[0]}, status=422)
        return HttpResponse(status=204)
    told(
        request,
        lambda: actions.explain_finding(cell, by=request.user, rule=rule, reason=reason),
        "已保存说明。数值不变，不再询问。",
    )
    page = "check" if request.POST.get("from") == "check" else "form"
    return redirect(f"{address(submission, page)}#cell-{cell.pk}" if page == "form" else address(submission, page))
