"""Reporting periods for the working group: the list, and one page for each verb."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from audit.clock import today
from organisations.models import Role
from organisations.permissions import is_reviewer, require
from plans import actions as plans_actions
from plans.actions import SHORT_NOTICE
from plans.calendar import working_days_left
from plans.forms import ChangedPeriodForm, DeadlineForm, PeriodForm, ReasonForm
from plans.models import PeriodState, ReportingPeriod
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.actions.following import is_own
from submissions.queries.extensions import extensions_asked
from submissions.queries.following import differences
from submissions.queries.owed import owed_by_organisation
from submissions.queries.periods import standings, still_owed, under_decision, unstamped
from submissions.states import State


@require_safe
@plan_page
def periods(request: PlanRequest) -> HttpResponse:
    """The plan's periods, newest first: state, deadline, how many forms in which state, and what can be done."""
    if not request.user.has_role(Role.REVIEWER, Role.LEADER, Role.AUDITOR):
        raise Http404
    page = {
        "plan": request.plan,
        "standings": standings(request.plan),
        "extensions": extensions_asked(request.plan.pk),
        "may_act": is_reviewer(request.user),
    }
    return render(request, "submissions/periods.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def define_period(request: PlanRequest) -> HttpResponse:
    require(is_reviewer, request.user)
    form = PeriodForm(request.POST or None)

    def verb() -> object:
        return plans_actions.define_period(request.plan, by=request.user, **form.definition())

    return _page(request, "define_period", form, verb, "已设置报告期。到开放日请开放填报。", period=None)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def redefine_period(request: PlanRequest, period: str) -> HttpResponse:
    """Change what a period is while nobody has opened it."""
    found = _period_or_404(request, period)
    form = ChangedPeriodForm(found, request.POST or None)

    def verb() -> object:
        return plans_actions.redefine_period(found, by=request.user, **form.definition())

    return _page(request, "define_period", form, verb, "已保存报告期的设置。", period=found)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def open_period(request: PlanRequest, period: str) -> HttpResponse:
    """List the forms that opening a period makes; a press opens it."""
    found = _period_or_404(request, period)
    reason = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            made = actions.open_period(found, by=request.user, reason=reason)
        except ValidationError as refusal:
            for message in refusal.messages:
                messages.error(request, message)
            return render(request, "submissions/open_period.html", _opening(found, reason), status=422)
        messages.success(request, f"{found.name}已开放填报，生成 {len(made)} 张填报表。")
        return redirect("submissions:forms", plan=request.plan.code)
    return render(request, "submissions/open_period.html", _opening(found, reason))


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def change_deadline(request: PlanRequest, period: str) -> HttpResponse:
    """Give an open period another deadline; the forms still with their organisations are listed."""
    found = _period_or_404(request, period)
    form = DeadlineForm(request.POST or None, is_notice=True)

    def verb() -> object:
        reason = form.cleaned_data["reason"]
        return actions.change_deadline(found, by=request.user, deadline=form.deadline, reason=reason)

    done = f"{found.name}的报送时限已变更，并通知还没报的单位。"
    return _page(request, "change_deadline", form, verb, done, period=found, owed=still_owed(found))


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def follow_responsibilities(request: PlanRequest, period: str) -> HttpResponse:
    """List what the responsibilities of today would change in the forms; a press changes it."""
    found = _period_or_404(request, period)
    if request.method == "POST":
        try:
            done = actions.follow_responsibilities(found, by=request.user)
        except ValidationError as refusal:
            messages.error(request, refusal.messages[0])
        else:
            added = sum(len(each.added) for each in done if not each.waits)
            retired = sum(len(each.retired) for each in done)
            messages.success(
                request, f"已更新 {len(done)} 个单位的填报表：新增 {added} 项，停填 {retired} 项，并通知填报人。"
            )
        return redirect("submissions:follow_responsibilities", plan=request.plan.code, period=period)
    rows = differences(found, today())
    page = {
        "plan": request.plan,
        "period": found,
        "rows": rows,
        "changing": sum(each.changes and not is_own(each, request.user) for each in rows),
    }
    return render(request, "submissions/follow_responsibilities.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def allow_late(request: PlanRequest, period: str) -> HttpResponse:
    """Take forms of an open period after its deadline, or take them no more."""
    found = _period_or_404(request, period)
    form, allowed = ReasonForm(request.POST or None), not found.takes_late
    wanted = request.POST.get("allowed") == "yes"

    def verb() -> object:
        reason = form.cleaned_data["reason"]
        return plans_actions.allow_late(found, by=request.user, allowed=wanted, reason=reason)

    done = f"{found.name}{'接受' if wanted else '不再接受'}逾期报送。"
    return _page(request, "allow_late", form, verb, done, period=found, allowed=allowed, owed=still_owed(found))


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def call_for_corrections(request: PlanRequest, period: str) -> HttpResponse:
    """Open all approved forms of a period for correction; they are listed first."""
    found = _period_or_404(request, period)
    form = DeadlineForm(request.POST or None)

    def verb() -> object:
        reason = form.cleaned_data["reason"]
        return actions.call_for_corrections(found, by=request.user, deadline=form.deadline, reason=reason)

    approved = found.submissions.filter(state=State.APPROVED).select_related("organisation", "period__plan")
    done = f"已要求{found.name}已通过的填报表更正，并通知填报人。"
    rows = approved.order_by("organisation__position", "organisation__code")
    return _page(request, "call_for_corrections", form, verb, done, period=found, approved=rows)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def close_period(request: PlanRequest, period: str) -> HttpResponse:
    """List what is still owed by whom; a press closes the period."""
    found = _period_or_404(request, period)
    form = ReasonForm(request.POST or None)

    def verb() -> object:
        return actions.close_period(found, by=request.user, reason=form.cleaned_data["reason"])

    rows = {"owed": still_owed(found), "waiting": under_decision(found), "unstamped": unstamped(found)}
    return _page(request, "close_period", form, verb, f"{found.name}已关闭填报。", period=found, **rows)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def reopen_period(request: PlanRequest, period: str) -> HttpResponse:
    """Open a closed period again, with a new deadline for what is still owed."""
    found = _period_or_404(request, period)
    form = DeadlineForm(request.POST or None, is_notice=True)

    def verb() -> object:
        reason = form.cleaned_data["reason"]
        return actions.reopen_period(found, by=request.user, deadline=form.deadline, reason=reason)

    done = f"{found.name}已重新开放填报，并通知还没报的单位。"
    return _page(request, "change_deadline", form, verb, done, period=found, owed=still_owed(found))


def _period_or_404(request: PlanRequest, code: str) -> ReportingPeriod:
    require(is_reviewer, request.user)
    return get_object_or_404(ReportingPeriod.objects.select_related("plan"), plan=request.plan, code=code)


def _page(
    request: PlanRequest, template: str, form: Form, verb: Callable[[], object], done: str, **page: Any
) -> HttpResponse:
    """On a press run one verb on what was typed and go back to the list; else, and on a refusal, show the page."""
    if request.method == "POST" and form.is_valid():
        try:
            verb()
        except ValidationError as refusal:
            for message in refusal.messages:
                form.add_error(None, message)
        else:
            messages.success(request, done)
            return redirect("submissions:periods", plan=request.plan.code)
    page |= {"plan": request.plan, "form": form}
    return render(request, f"submissions/{template}.html", page, status=422 if form.errors else 200)


def _opening(period: ReportingPeriod, reason: str) -> dict[str, Any]:
    owed = owed_by_organisation(period, today())
    left = working_days_left(period.deadline, today())
    rows = [
        (each, sum(row.indicator_id is not None for row in asked), sum(row.indicator_id is None for row in asked))
        for each, asked in sorted(owed.items(), key=lambda item: (item[0].position, item[0].code))
    ]
    return {
        "plan": period.plan,
        "period": period,
        "rows": rows,
        "left": left,
        "is_short": left < SHORT_NOTICE,
        "reason": reason,
        "may_open": period.state == PeriodState.PLANNED,
    }
