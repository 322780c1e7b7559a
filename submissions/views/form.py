"""The form page, saving as one goes, and evidence."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions.models import Evidence, Figure, ProgressNote, Submission
from submissions.permissions import can_fill_in
from submissions.views.addressed import form_or_404


def _open(request: PlanRequest, period: str, organisation: str) -> Submission:
    submission = form_or_404(request.plan, period, organisation, request.user)
    require(can_fill_in, request.user, submission)
    return submission


@require_GET
@plan_page
def form(request: PlanRequest, period: str, organisation: str) -> HttpResponse:
    return HttpResponse(str(form_or_404(request.plan, period, organisation, request.user)))


@require_POST
@plan_page
def save_cell(request: PlanRequest, period: str, organisation: str, figure: int) -> HttpResponse:
    get_object_or_404(Figure, submission=_open(request, period, organisation), pk=figure)
    return HttpResponse(status=204)


@require_POST
@plan_page
def save_note(request: PlanRequest, period: str, organisation: str, note: int) -> HttpResponse:
    get_object_or_404(ProgressNote, submission=_open(request, period, organisation), pk=note)
    return HttpResponse(status=204)


@require_POST
@plan_page
def add_evidence(request: PlanRequest, period: str, organisation: str, figure: int) -> HttpResponse:
    get_object_or_404(Figure, submission=_open(request, period, organisation), pk=figure)
    return HttpResponse(status=204)


@require_POST
@plan_page
def add_note_evidence(request: PlanRequest, period: str, organisation: str, note: int) -> HttpResponse:
    get_object_or_404(ProgressNote, submission=_open(request, period, organisation), pk=note)
    return HttpResponse(status=204)


@require_GET
@plan_page
def evidence(request: PlanRequest, period: str, organisation: str, pk: int) -> HttpResponse:
    form_or_404(request.plan, period, organisation, request.user)
    get_object_or_404(Evidence, pk=pk)
    return HttpResponse(status=204)


@require_POST
@plan_page
def remove_evidence(request: PlanRequest, period: str, organisation: str, pk: int) -> HttpResponse:
    _open(request, period, organisation)
    get_object_or_404(Evidence, pk=pk)
    return HttpResponse(status=204)
