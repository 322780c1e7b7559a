"""The working group's consolidated workbook: handed out, loaded by the worker; what it proposed, decided on the form."""

import io
import re

from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organisations.permissions import is_reviewer, require
from plans.models import PeriodState, ReportingPeriod
from plans.pages import PlanRequest, plan_page
from submissions.actions import decline_proposals, take_proposals
from submissions.actions.consolidated import EXCEL, hand_out_consolidated, load_consolidated
from submissions.queries.proposals import progress_of_proposals
from submissions.views.addressed import back_to_form, told
from submissions.views.form import open_form

_NUMBER = re.compile(r"[0-9]{1,9}")


def _period_or_404(request: PlanRequest, code: str) -> ReportingPeriod:
    require(is_reviewer, request.user)
    return get_object_or_404(ReportingPeriod.objects.select_related("plan"), plan=request.plan, code=code)


@require_safe
@plan_page
def download(request: PlanRequest, period: str) -> FileResponse:
    """Hand out the period's consolidated workbook to fill in; that it was taken out is on record."""
    found = _period_or_404(request, period)
    content = hand_out_consolidated(found, by=request.user)
    name = get_valid_filename(f"{found.name}汇总表")
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"{name}.xlsx", content_type=EXCEL)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def load(request: PlanRequest, period: str) -> HttpResponse:
    """Say what the workbook is for and what became of earlier ones; take one, and lead to the page of its progress."""
    found = _period_or_404(request, period)
    refused: list[str] = []
    if request.method == "POST":
        upload = request.FILES.get("file")
        try:
            if upload is None:
                raise ValidationError("请先选择要上传的文件。")
            return redirect("background:job", pk=load_consolidated(found, upload, by=request.user).pk)
        except ValidationError as refusal:
            refused = refusal.messages
    page = {
        "plan": request.plan,
        "period": found,
        "is_open": found.state == PeriodState.OPEN,
        "refused": refused,
        "standing": progress_of_proposals(found),
    }
    return render(request, "submissions/consolidated.html", page, status=422 if refused else 200)


@require_POST
@plan_page
def take(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Take over the proposed values that were pressed: each as ``proposal@revision`` of its figure."""
    submission = open_form(request, period, organisation)
    seen: dict[int, int] = {}
    for sent in request.POST.getlist("take"):
        proposal, _, revision = sent.partition("@")
        if _NUMBER.fullmatch(proposal):
            seen[int(proposal)] = int(revision) if _NUMBER.fullmatch(revision) else -1

    def verb() -> None:
        decided = take_proposals(submission, by=request.user, seen=seen)
        refused = [
            f"{each.proposal.figure.indicator.name}：{words}"
            for each in decided
            if each.refusal is not None
            for words in each.refusal.messages
        ]
        if refused:
            raise ValidationError(refused)

    told(request, verb, f"已采用 {len(seen)} 项，已保存到填报表。请核对后提交。")
    return back_to_form(submission)


@require_POST
@plan_page
def decline(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Leave the proposed values that were pressed be."""
    submission = open_form(request, period, organisation)
    keys = [int(sent) for sent in request.POST.getlist("decline") if _NUMBER.fullmatch(sent)]
    told(
        request,
        lambda: decline_proposals(submission, by=request.user, keys=keys),
        "没有采用专项小组汇总表中的数，请自行填写。",
    )
    return back_to_form(submission)
