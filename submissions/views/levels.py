"""How many steps the plan's forms take: how it is set, by whom and why; a reviewer sets it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from organisations.models import Organisation, Role
from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.levels_form import IN_GROUP, IN_UNIT, LevelsForm
from submissions.models import LevelSetting, StampRule
from submissions.permissions import can_set_levels
from submissions.queries.levels import Levels, PlanLevels

READERS = (Role.REVIEWER, Role.LEADER, Role.AUDITOR)


@dataclass(frozen=True)
class Line:
    """How it is set for the plan or an organisation, in words."""

    what: str
    levels: Levels
    why: str
    setting: LevelSetting | None = None
    key: int | str = ""

    @property
    def in_unit(self) -> str:
        return IN_UNIT[self.levels.in_unit]

    @property
    def in_group(self) -> str:
        return IN_GROUP[self.levels.in_group]


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def levels(request: PlanRequest) -> HttpResponse:
    """The plan's levels and each organisation that has others, what they were before, and a form to set them."""
    if not request.user.has_role(*READERS):
        raise Http404
    if request.method == "POST":
        require(can_set_levels, request.user, request.plan)
    form = LevelsForm(request.POST or None, initial=_initial(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_levels(request.plan, by=request.user, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "已保存设置。以后提交的填报表按新的层级办理，已提交的不变。")
            return redirect("submissions:levels", request.plan.code)
    known = PlanLevels(request.plan)
    page = {
        "plan": request.plan,
        "lines": _lines(known),
        "paper": _paper(known.general),
        "past": _past(request),
        "form": form,
        "may_set": can_set_levels(request.user, request.plan),
    }
    return render(request, "submissions/levels.html", page, status=422 if form.errors else 200)


def _lines(known: PlanLevels) -> list[Line]:
    general = known.general
    lines = [Line("整个规划", known.default, general.reason if general is not None else "默认设置", general)]
    wishing = Organisation.objects.filter(needs_confirmation=True)
    for body in (wishing | Organisation.objects.filter(pk__in=known.own)).order_by("position", "code"):
        own = known.own.get(body.pk)
        why = own.reason if own is not None else "单位自己要求负责人确认"
        lines.append(Line(body.name, known.of(body), why, own, body.pk))
    return lines


def _paper(general: LevelSetting | None) -> str:
    """Whether the plan's forms are stamped, in words."""
    if general is None or general.stamped == StampRule.NOT_NEEDED:
        return "不需要"
    if general.stamped == StampRule.BEFORE:
        return "提交前须上传盖章件"
    return f"提交后 {general.stamp_days} 个工作日内补交盖章件"


def _past(request: PlanRequest) -> list[Any]:
    """Every setting of the plan, newest first, from its history."""
    rows = LevelSetting.history.model.objects.filter(plan=request.plan).select_related("change", "organisation")
    return list(rows.order_by("-change_id", "-history_id"))


def _initial(request: PlanRequest) -> dict[str, Any]:
    """What ``?organisation=`` has now, else what the plan has."""
    key = request.GET.get("organisation", "")
    wanted = int(key) if key.isdecimal() and len(key) < 19 else None
    setting = LevelSetting.objects.filter(plan=request.plan, organisation=wanted).first()
    if setting is None:
        return {"organisation": wanted}
    return {
        "organisation": wanted,
        "in_unit": setting.in_unit,
        "in_group": setting.in_group,
        "stamped": setting.stamped,
        "stamp_days": setting.stamp_days,
    }
