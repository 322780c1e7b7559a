"""Saving cells from the form's page: many by its script, as JSON; one without a script, by its own form."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.addresses import address
from submissions.form_rows import CellRow, Refusal, cell_rows
from submissions.models import Figure
from submissions.readings import readings_of
from submissions.typed_cells import sent_cell, sent_cells
from submissions.views.addressed import told
from submissions.views.form import PAGE, open_form, page_of
from submissions.words import texts_of


@require_POST
@plan_page
def save_cell(request: PlanRequest, period: str, organisation: str, figure: int) -> HttpResponseBase:
    """Save one cell of a page without a script; what was refused comes back in the page, with the reason."""
    submission = open_form(request, period, organisation)
    cell = get_object_or_404(Figure, submission=submission, pk=figure)
    sent = sent_cell(cell.pk, request.POST)
    try:
        (outcome,) = actions.save_figures(submission, by=request.user, cells=[sent])
        why, words = outcome.refusal, outcome.words
    except ValidationError as refusal:
        why, words = refusal, sent.words
    if why is None:
        return redirect(f"{address(submission, 'form')}#cell-{cell.pk}")
    refused = refusal_of(why, words)
    return page_of(request, submission, refused=(cell.pk, refused), status=409 if refused.current else 422)


@require_POST
@plan_page
def save_cells(request: PlanRequest, period: str, organisation: str) -> JsonResponse:
    """Save what can be saved of many cells; the answer tells of each what its row shows now, and what was refused."""
    submission = open_form(request, period, organisation)
    try:
        outcomes = actions.save_figures(submission, by=request.user, cells=sent_cells(request.body))
    except Figure.DoesNotExist:
        raise Http404("a cell of another form") from None
    except ValidationError as why:
        return JsonResponse({"words": why.messages[0]}, status=422)
    keys = {outcome.figure.pk for outcome in outcomes}
    rows = {row.figure.pk: row for row in cell_rows(submission, may_edit=True, only=keys)}
    return JsonResponse({"cells": [_answer(request, outcome, rows.get(outcome.figure.pk)) for outcome in outcomes]})


@require_POST
@plan_page
def read_cells(request: PlanRequest, period: str, organisation: str) -> JsonResponse:
    """Tell how the fields of many cells would be read, and the changes that they would show; nothing is saved."""
    submission = open_form(request, period, organisation)
    try:
        readings = readings_of(submission, sent_cells(request.body))
    except Figure.DoesNotExist:
        raise Http404("a cell of another form") from None
    except ValidationError as why:
        return JsonResponse({"words": why.messages[0]}, status=422)
    read = [
        {
            "figure": reading.figure.pk,
            "fields": {name: asdict(each) for name, each in reading.fields.items()},
            "change": reading.row.changes if reading.row is not None else [],
        }
        for reading in readings
    ]
    return JsonResponse({"cells": read})


@require_POST
@plan_page
def take_same_number(request: PlanRequest, period: str, organisation: str, figure: int) -> HttpResponseBase:
    """Answer a cell with what the organisation reported already of the same quantity and day."""
    submission = open_form(request, period, organisation)
    cell = get_object_or_404(Figure, submission=submission, pk=figure)
    origin, revision = (number_in(request.POST.get(name, "")) for name in ("origin", "revision"))
    told(
        request,
        lambda: actions.take_same_number(cell, by=request.user, origin=origin, revision=revision),
        "已采用此前所报的数，来源记入变更经过。请核对后提交。",
    )
    return redirect(f"{address(submission, 'form')}#cell-{cell.pk}")


def number_in(text: str) -> int:
    """The number that was sent; one that nothing has for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else -1


def refusal_of(why: ValidationError, words: Mapping[str, str]) -> Refusal:
    sentences = why.error_dict.values() if hasattr(why, "error_dict") else [[why]]
    told = [sentence for errors in sentences for error in errors for sentence in error.messages]
    return Refusal(
        {name: text for name, text in words.items() if name != "answer"},
        tuple(told),
        isinstance(why, actions.NeedsConfirmation),
        why.current if isinstance(why, actions.CellConflict) else None,
    )


def _answer(request: HttpRequest, outcome: actions.Outcome, row: CellRow | None) -> dict[str, Any]:
    """What the script puts into the row: the cell and the notes under it as they are saved; what was refused, and why."""
    if row is None:  # not owed any more
        return {"figure": outcome.figure.pk, "refusal": "error", "told": "", "words": "不再应填", "kind": "error"}
    status = row.status
    answer = {
        "figure": row.figure.pk,
        "revision": row.figure.revision,
        "kind": status.kind,
        "words": status.words,
        "to_do": status.to_do,
        "answer": row.figure.answer,
        "change": row.changes,
        "is_carried": row.is_carried,
        "last_year": render_to_string(f"{PAGE}#last_year", {"row": row}, request),
        "saved": texts_of(row.figure),
        "cell": render_to_string(f"{PAGE}#cell", {"row": row}, request),
        "notes": render_to_string(f"{PAGE}#cell_notes", {"row": row, "save_cells": request.path}, request),
    }
    if outcome.refusal is None:
        return answer
    row.refusal = refusal = refusal_of(outcome.refusal, outcome.words)
    kind = "clash" if refusal.current is not None else "confirm" if refusal.needs_confirmation else "error"
    return answer | {"refusal": kind, "told": render_to_string(f"{PAGE}#cell_notes", {"row": row}, request)}
