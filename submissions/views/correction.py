"""Correcting what is published: asking, answering, and taking the new values over."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.addresses import address
from submissions.models import Correction, CorrectionState, Figure, Submission
from submissions.permissions import can_fill_in
from submissions.queries.previous import figures_of
from submissions.queries.requested import with_request
from submissions.states import CellState, State
from submissions.views.addressed import back_to_form, day_in, form_or_404, told
from submissions.views.form import open_form

PAGE = "submissions/correction.html"
NUMBER = re.compile(r"[0-9]{1,18}")


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def ask(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Ask to correct approved figures of one's own form, each to a new value, or the form as a whole."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    require(can_fill_in, request.user, submission)
    if request.method != "POST":
        return render(request, PAGE, _page(submission, {}, {}, {}))
    figures = [figure for figure in figures_of(submission) if figure.state == CellState.APPROVED]
    wanted = {figure.pk: _wanted(request.POST, figure.pk) for figure in figures}
    whole, reason = request.POST.get("whole") == "1", request.POST.get("reason", "")
    refused: Mapping[int, ValidationError] = {}
    try:
        actions.ask_for_correction(
            submission,
            by=request.user,
            reason=reason,
            values=list(wanted.values()),
            whole=whole,
            evidence=request.FILES.getlist("evidence"),
        )
    except actions.Unclear as unclear:
        refused = unclear.by_figure
        messages.error(request, f"有 {len(refused)} 项新值需要核对，申请还没有提交。已选的佐证文件请重新选择。")
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
    else:
        messages.success(request, "更正申请已送专项小组。答复之前，已发布的值不变。")
        return back_to_form(submission)
    return render(request, PAGE, _page(submission, wanted, refused, {"whole": whole, "reason": reason}), status=422)


def _wanted(sent: QueryDict, figure: int) -> actions.Wanted:
    """The new value that was typed for a figure; an approved writing counts for the text that was shown with it."""
    text, as_of = sent.get(f"value-{figure}", ""), sent.get(f"as-of-{figure}", "")
    return actions.Wanted(figure, text, as_of, confirmed=bool(text) and sent.get(f"confirmed-{figure}") == text)


@dataclass(frozen=True)
class Line:
    """An approved figure on the page, with what was typed as its new value and why that was refused."""

    figure: Figure
    typed: actions.Wanted
    refusal: ValidationError | None = None

    @property
    def asks(self) -> bool:
        """Whether its writing must be agreed to, and isn't wrong."""
        return isinstance(self.refusal, actions.NeedsConfirmation)


def _page(
    submission: Submission,
    wanted: Mapping[int, actions.Wanted],
    refused: Mapping[int, ValidationError],
    typed: dict[str, object],
) -> dict[str, object]:
    figures = [figure for figure in figures_of(submission) if figure.state == CellState.APPROVED]
    requests = Correction.objects.filter(submission=submission).select_related("asked_by", "decided_by")
    known = list(requests.prefetch_related(*with_request()).order_by("-asked_at"))
    open_states = (CorrectionState.ASKED, CorrectionState.AGREED)
    return {
        "plan": submission.period.plan,
        "form": submission,
        "lines": [Line(each, wanted.get(each.pk, actions.Wanted(each.pk)), refused.get(each.pk)) for each in figures],
        "requests": known,
        "may_ask": submission.state == State.APPROVED and not any(each.state in open_states for each in known),
    } | typed


@require_POST
@plan_page
def take(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Take new values of the agreed request over into the form: each as ``value@revision`` of its figure."""
    submission = open_form(request, period, organisation)
    seen = {}
    for sent in request.POST.getlist("take"):
        value, _, revision = sent.partition("@")
        if NUMBER.fullmatch(value):
            seen[int(value)] = int(revision) if NUMBER.fullmatch(revision) else -1

    def verb() -> None:
        outcomes = actions.take_requested(submission, by=request.user, seen=seen)
        refused = [
            f"{each.figure.indicator.name}：{words}"
            for each in outcomes
            if each.refusal is not None
            for words in each.refusal.messages
        ]
        if refused:
            raise ValidationError(refused)

    told(request, verb, f"已填入申请中的 {len(seen)} 个新值，已保存到填报表。请核对后提交。")
    return back_to_form(submission)


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
