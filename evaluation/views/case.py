from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from arithmetic.shown import numeral, working_days_in_words
from audit.clock import today
from evaluation import actions
from evaluation.forms import PassOverForm, ReasonForm, StageForm
from evaluation.models import Evaluation, GroupMember, GroupPart, Stage, StageState
from evaluation.permissions import (
    can_advance,
    can_change_case,
    can_create_evaluation,
    can_pass_over,
    can_see_case,
    can_send_back,
)
from evaluation.queries.case import changes_since, conditions_of, waited_for, week_of, where_it_stands
from organisations.models import OrganisationKind, User
from organisations.permissions import is_leader, is_reviewer
from plans.calendar import working_days_left
from plans.models import Plan
from plans.pages import PlanRequest, plan_page
from submissions.models import Submission
from submissions.states import WITH_GROUP


def case_or_404(plan: Plan, code: str, user: User) -> Evaluation:
    """Return the case, for those who may see it; to others it isn't there."""
    found = plan.evaluations.select_related("plan", "round").prefetch_related("stages").filter(code=code).first()
    if found is None or not can_see_case(user, found):
        raise Http404
    return found


@require_safe
@plan_page
def cases(request: PlanRequest) -> HttpResponse:
    """Show the plan's newest case, or the list where there are several, or say that there is none yet."""
    found = [each for each in request.plan.evaluations.order_by("-cut_off") if can_see_case(request.user, each)]
    if len(found) == 1:
        return redirect("evaluation:case", plan=request.plan.code, code=found[0].code)
    if not found and not (is_reviewer(request.user) or is_leader(request.user)):
        raise Http404
    context = {"plan": request.plan, "cases": found, "may_create": can_create_evaluation(request.user)}
    return render(request, "evaluation/cases.html", context)


@require_safe
@plan_page
def case(request: PlanRequest, code: str) -> HttpResponse:
    """Show what keeps the case from its next stage, and who may do what about it."""
    evaluation = case_or_404(request.plan, code, request.user)
    return render(request, "evaluation/case.html", page_of(evaluation, request.user))


def page_of(evaluation: Evaluation, user: User) -> dict[str, Any]:
    """What the page of a case shows."""
    now, stages = today(), list(evaluation.stages.all())
    stage = where_it_stands(evaluation)
    conditions = conditions_of(stage) if stage is not None and stage.state == StageState.CURRENT else []
    monday, last = week_of(now)
    left = working_days_left(stage.ends_on, now) if conditions and stage and stage.ends_on else None
    return {
        "plan": evaluation.plan,
        "evaluation": evaluation,
        "today": now,
        "stages": stages,
        "stage": stage,
        "stage_words": _stage_words(stages, stage),
        "going_on": _going_on(stages, stage),
        "going_back": _going_back(stage),
        "days_left": left,
        "days_words": "" if left is None else working_days_in_words(left),
        "is_finished": stage is not None and stage.state == StageState.DONE,
        "conditions": conditions,
        "blocking": [checked for checked in conditions if checked.blocks],
        "week": (monday, last),
        "changes": changes_since(evaluation, monday),
        "waiting": waited_for(evaluation, now),
        "to_review": _to_review(evaluation),
        "may_create": can_create_evaluation(user),
        "may_change": can_change_case(user, evaluation),
        "people": _people(evaluation),
        "may": _may(user, stage, conditions_met=not any(checked.blocks for checked in conditions)),
        "reason_form": ReasonForm(evaluation, initial={"stage": stage}),
        "pass_over_form": _pass_over_form(evaluation, stage, user),
    }


def _stage_words(stages: list[Stage], stage: Stage | None) -> str:
    if stage is None:
        return ""
    if stage.state == StageState.DONE:
        return "各阶段已完成"
    return f"第{numeral(stages.index(stage) + 1)}阶段：{stage.title}"


def _going_on(stages: list[Stage], stage: Stage | None) -> str:
    """What going on means now, in the words of the button."""
    following = _following(stages, stage)
    if following is not None:
        return f"转入“{following.title}”"
    return f"完成“{stage.title}”" if stage is not None else ""


def _going_back(stage: Stage | None) -> str:
    is_finished = stage is not None and stage.state == StageState.DONE
    return f"重新进行“{stage.title}”" if stage is not None and is_finished else "退回上一阶段"


def _following(stages: list[Stage], stage: Stage | None) -> Stage | None:
    later = [each for each in stages if stage is not None and each.number > stage.number]
    return later[0] if later else None


def _may(user: User, stage: Stage | None, *, conditions_met: bool) -> dict[str, bool]:
    if stage is None:
        return {}
    current = stage.state == StageState.CURRENT
    return {
        "review": is_reviewer(user),
        "advance": current and conditions_met and can_advance(user, stage),
        "see_advance": current and can_advance(user, stage),
        "pass_over": current and not conditions_met and can_pass_over(user, stage),
        "send_back": can_send_back(user, stage) and (stage.number > 1 or not current),
    }


def _pass_over_form(evaluation: Evaluation, stage: Stage | None, user: User) -> PassOverForm | None:
    if stage is None or not can_pass_over(user, stage):
        return None
    form = PassOverForm(evaluation, initial={"stage": stage})
    form.offer(stage)
    return form


def _to_review(evaluation: Evaluation) -> int:
    if evaluation.round is None:
        return 0
    return Submission.objects.filter(period=evaluation.round, state__in=WITH_GROUP).count()


def _people(evaluation: Evaluation) -> list[tuple[str, str]]:
    """The working group by part, and how many organisations are heard."""
    members = list(evaluation.members.filter(left_on=None).select_related("user"))
    kinds = [form.organisation.kind for form in _forms(evaluation)]
    people = [(part.label, "、".join(_named(each) for each in members if each.part == part)) for part in GroupPart]
    heard = [(kinds.count(kind), kind.label) for kind in OrganisationKind if kind in kinds]
    told = [("听取意见单位", "、".join(f"{count} 个{label}" for count, label in heard))] if heard else []
    return [(label, names) for label, names in people if names] + told


def _named(member: GroupMember) -> str:
    return f"{member.user.name}（{member.task}）" if member.task else member.user.name


def _forms(evaluation: Evaluation) -> list[Submission]:
    if evaluation.round is None:
        return []
    return list(Submission.objects.filter(period=evaluation.round).select_related("organisation"))


def _answer(
    request: HttpRequest, evaluation: Evaluation, form: StageForm, verb: Callable[[dict[str, Any]], Stage]
) -> HttpResponse:
    """Run one verb on what was typed; on a refusal say why, on the same page."""
    if not form.is_valid():
        for errors in form.errors.values():
            for error in errors:
                messages.error(request, str(error))
        return redirect("evaluation:case", plan=evaluation.plan.code, code=evaluation.code)
    try:
        stage = verb(form.cleaned_data)
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
    else:
        messages.success(request, f"已办理。现在的阶段：“{stage.title}”（{stage.get_state_display()}）。")
    return redirect("evaluation:case", plan=evaluation.plan.code, code=evaluation.code)


@require_POST
@plan_page
def advance(request: PlanRequest, code: str) -> HttpResponse:
    evaluation = case_or_404(request.plan, code, request.user)
    form = StageForm(evaluation, request.POST)
    return _answer(request, evaluation, form, lambda data: actions.advance_stage(data["stage"], by=request.user))


@require_POST
@plan_page
def pass_over(request: PlanRequest, code: str) -> HttpResponse:
    evaluation = case_or_404(request.plan, code, request.user)

    def verb(data: dict[str, Any]) -> Stage:
        row = actions.pass_over_condition(data["stage"], data["condition"], by=request.user, reason=data["reason"])
        return row.stage

    return _answer(request, evaluation, PassOverForm(evaluation, request.POST), verb)


@require_POST
@plan_page
def advance_despite(request: PlanRequest, code: str) -> HttpResponse:
    evaluation = case_or_404(request.plan, code, request.user)

    def verb(data: dict[str, Any]) -> Stage:
        return actions.advance_stage_despite(data["stage"], by=request.user, reason=data["reason"])

    return _answer(request, evaluation, ReasonForm(evaluation, request.POST), verb)


@require_POST
@plan_page
def send_back(request: PlanRequest, code: str) -> HttpResponse:
    evaluation = case_or_404(request.plan, code, request.user)

    def verb(data: dict[str, Any]) -> Stage:
        return actions.send_back_stage(data["stage"], by=request.user, reason=data["reason"])

    return _answer(request, evaluation, ReasonForm(evaluation, request.POST), verb)
