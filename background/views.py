"""A person's own jobs: how far they are, and what came out."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from audit.security import note
from background import actions
from background.models import BackgroundJob
from files.actions import download
from organisations.models import User


def own_job_or_404(user: User, pk: int) -> BackgroundJob:
    return get_object_or_404(BackgroundJob.objects.select_related("result", "progress"), pk=pk, asked_by=user)


@require_safe
@login_required
def jobs(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    page = Paginator(request.user.background_jobs.all(), 20).get_page(request.GET.get("page"))
    return render(request, "background/jobs.html", {"page": page})


@require_safe
@login_required
def job(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    found = own_job_or_404(request.user, pk)
    template = "background/job.html#progress" if request.headers.get("HX-Request") else "background/job.html"
    return render(request, template, {"job": found})


@require_POST
@login_required
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    assert isinstance(request.user, User)
    found = own_job_or_404(request.user, pk)
    try:
        actions.cancel_job(found, by=request.user)
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, "已取消办理。")
    return redirect("background:job", pk=pk)


@require_safe
@login_required
def result(request: HttpRequest, pk: int) -> FileResponse:
    assert isinstance(request.user, User)
    found = own_job_or_404(request.user, pk)
    if found.result is None:
        raise Http404
    try:
        answer = download(found.result, by=request.user)
    except FileNotFoundError:
        raise Http404 from None
    note("backgroundjob.download", by=request.user, about=str(found))
    return answer
