"""The form on paper: what its version code is, the stamped scans, and attaching one."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from files.actions import download
from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.addresses import address
from submissions.forms import ScanForm
from submissions.models import StampedScan
from submissions.permissions import can_fill_in
from submissions.queries.stamped import paper_of, scans_of
from submissions.states import State
from submissions.views.addressed import form_or_404, note_view


@require_http_methods(["GET", "HEAD", "POST"])
@plan_page
def stamp(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    """Whether what the form says now is stamped, every scan so far, and for its reporters a form to attach one."""
    submission = form_or_404(request.plan, period, organisation, request.user, paper=True)
    if request.method == "POST":
        require(can_fill_in, request.user, submission)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.attach_scan(submission, by=request.user, upload=told["file"], code=told["code"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, "已上传盖章件。以后内容有改动的，须重新盖章。")
            return redirect(address(submission, "stamp"))
    note_view(request.user, submission)
    page = {
        "plan": request.plan,
        "submission": submission,
        "paper": paper_of(submission),
        "scans": scans_of(submission),
        "form": form,
        "may_attach": can_fill_in(request.user, submission) and submission.state != State.RETIRED,
    }
    return render(request, "submissions/stamp.html", page, status=422 if form.errors else 200)


@require_safe
@plan_page
def stamped_scan(request: PlanRequest, period: str, organisation: str, pk: int) -> FileResponse:
    """Hand a scan out for keeping."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    scan = get_object_or_404(StampedScan.objects.select_related("file"), submission=submission, pk=pk)
    try:
        return download(scan.file, by=request.user)
    except FileNotFoundError:
        raise Http404("the content is gone from the disk") from None
