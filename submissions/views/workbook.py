"""A form as a workbook: handed out, given back, looked at, taken over."""

import io
import re
from collections.abc import Mapping

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import get_valid_filename
from django.views.decorators.http import require_http_methods, require_safe

from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions.actions import workbook as actions
from submissions.models import Submission, UploadedWorkbook
from submissions.permissions import can_fill_in
from submissions.views.addressed import back_to_form, form_or_404
from submissions.views.form import is_by_script
from submissions.workbook.difference import Difference, difference_of
from submissions.workbook.notices import notices_of
from workbooks.cells import Unusable

PAGE, DIFFERENCE = "submissions/workbook.html", "submissions/workbook_difference.html"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LATEST = 5
_REVISION = re.compile(r"[0-9]{1,9}")


def _open(request: PlanRequest, period: str, organisation: str) -> Submission:
    submission = form_or_404(request.plan, period, organisation, request.user)
    require(can_fill_in, request.user, submission)
    return submission


@require_safe
@plan_page
def download(request: PlanRequest, period: str, organisation: str) -> FileResponse:
    """Hand the form out as a workbook; that it was taken out is on record."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    content = actions.hand_out(submission, by=request.user)
    name = get_valid_filename(
        f"{submission.organisation.short_name or submission.organisation_name}_{submission.period.name}填报表"
    )
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"{name}.xlsx", content_type=EXCEL)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def workbook(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Say how the workbook is used, and take a filled-in one; nothing of it is saved before its differences are seen."""
    submission = _open(request, period, organisation)
    if request.method != "POST":
        return _page(request, submission)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise ValidationError("请先选择要上传的文件。")
        kept = actions.keep_upload(submission, upload, by=request.user)
    except Unusable as unusable:
        return _refused(request, submission, [str(problem) for problem in unusable.problems])
    except ValidationError as refusal:
        return _refused(request, submission, refusal.messages)
    to = address_of(kept)
    return JsonResponse({"address": to}) if is_by_script(request) else redirect(to)


def _refused(request: PlanRequest, submission: Submission, words: list[str]) -> HttpResponse:
    if is_by_script(request):
        return JsonResponse({"words": words}, status=422)
    return _page(request, submission, words, status=422)


def _page(
    request: PlanRequest, submission: Submission, refused: list[str] | None = None, *, status: int = 200
) -> HttpResponse:
    earlier = UploadedWorkbook.objects.filter(submission=submission).select_related("file", "uploaded_by")
    given = {
        "plan": request.plan,
        "form": submission,
        "refused": refused or [],
        "earlier": [(row, address_of(row)) for row in earlier[:LATEST]],
    }
    return render(request, PAGE, given, status=status)


def address_of(uploaded: UploadedWorkbook) -> str:
    submission = uploaded.submission
    parts = {
        "plan": submission.period.plan.code,
        "period": submission.period.code,
        "organisation": submission.organisation.code,
        "workbook": uploaded.pk,
    }
    return reverse("submissions:uploaded_workbook", kwargs=parts)


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def difference(request: PlanRequest, period: str, organisation: str, workbook: int) -> HttpResponse:
    """Show cell by cell what the file would change; a press takes the ticked cells over."""
    submission = _open(request, period, organisation)
    rows = UploadedWorkbook.objects.select_related("file", "uploaded_by")
    uploaded = get_object_or_404(rows, submission=submission, pk=workbook)
    uploaded.submission = submission
    try:
        if request.method == "POST":
            return _take_over(request, uploaded)
        found = difference_of(submission, actions.place_of(uploaded))
    except Unusable as unusable:
        return _page(request, submission, [str(problem) for problem in unusable.problems], status=422)
    except OSError:
        return _page(request, submission, ["这份文件已不在服务器上。请重新上传。"], status=422)
    return render(request, DIFFERENCE, _shown(request, uploaded, found))


def _shown(request: PlanRequest, uploaded: UploadedWorkbook, found: Difference) -> dict[str, object]:
    return {
        "plan": request.plan,
        "form": found.submission,
        "uploaded": uploaded,
        "kilobytes": max(1, uploaded.file.size // 1024),
        "found": found,
        "notices": notices_of(found),
    }


def _take_over(request: PlanRequest, uploaded: UploadedWorkbook) -> HttpResponse:
    try:
        taken = actions.take_over(uploaded, by=request.user, ticked=_ticked(request))
    except ValidationError as refusal:
        for sentence in refusal.messages:
            messages.error(request, sentence)
        return redirect(address_of(uploaded))
    for line, words in taken.refused:
        messages.error(request, f"{line.row.title}（{line.cell}）：{words}")
    if not taken.saved:
        if not taken.refused:
            messages.info(request, "没有勾选任何一项，没有保存。")
        return redirect(address_of(uploaded))
    messages.success(request, f"已采用 {len(taken.saved)} 项，已保存到填报表。填完后请检查并提交。")
    return redirect(address_of(uploaded)) if taken.refused else back_to_form(uploaded.submission)


def _ticked(request: HttpRequest) -> Mapping[str, int]:
    """The ticked lines with the revisions that were shown: ``指标-3/value_text@2``."""
    ticked: dict[str, int] = {}
    for sent in request.POST.getlist("take"):
        line, _, revision = sent.rpartition("@")
        ticked[line] = int(revision) if _REVISION.fullmatch(revision) else -1
    return ticked
