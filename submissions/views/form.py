"""The form's page, its progress notes, and evidence.

A page's script gets JSON (what stands under the cell now, as ready HTML); a browser without script gets the page.
"""

import base64
import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from audit.models import Door
from audit.past import moment_in
from audit.recording import door_of_request
from files.actions import download
from files.previews import preview
from organisations.models import User
from organisations.permissions import require
from plans.pages import PlanRequest, plan_page
from submissions import actions
from submissions.addresses import address
from submissions.as_of import form_at
from submissions.attached import Attached
from submissions.form_rows import (
    CellRow,
    NoteRow,
    Refusal,
    cell_row,
    cell_rows,
    note_rows,
    piles_of,
    saved_at,
)
from submissions.models import Evidence, Figure, ProgressNote, ProgressState, Submission
from submissions.permissions import can_fill_in
from submissions.queries.levels import way_of
from submissions.queries.previous import last_note_remarks
from submissions.queries.same_number import same_numbers
from submissions.queries.stamped import paper_of
from submissions.views.addressed import form_or_404, note_view
from submissions.views.in_two_parts import in_two_parts

PAGE = "submissions/form.html"
MANY = 100
"""With more cells and notes than that, the page's head is sent before they are read."""
NOTE_TEXTS = ("state", "progress", "problems", "next_step", "reply")


def open_form(request: PlanRequest, period: str, organisation: str) -> Submission:
    """Return the form for a person who may fill it in; what is recorded from here on came from the form."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    require(can_fill_in, request.user, submission)
    door_of_request.set(Door.FORM)
    return submission


@require_safe
@plan_page
def form(request: PlanRequest, period: str, organisation: str) -> HttpResponseBase:
    """Show the form to fill in, or with ``?as_of=`` as it was at a moment, to read only."""
    submission = form_or_404(request.plan, period, organisation, request.user, paper=True)
    moment = moment_in(request.GET.get("as_of", ""))
    if moment is not None:
        note_view(request.user, submission)
        given = {"submission": submission, "then": form_at(submission, moment), "latest": address(submission, "form")}
        return render(request, "submissions/form_as_of.html", given | {"plan": request.plan})
    if submission.is_shut:
        messages.info(
            request, "这个报告期已关闭填报，这张表没有报送过，不能再填写。确需补报的，请联系专项小组重新开放。"
        )
    note_view(request.user, submission)
    return page_of(request, submission)


def page_of(
    request: PlanRequest, submission: Submission, *, refused: tuple[int, Refusal] | None = None, status: int = 200
) -> HttpResponseBase:
    may_edit = can_fill_in(request.user, submission)
    is_open = may_edit and submission.is_editable
    early = {
        "plan": request.plan,
        "form": submission,
        "is_open": is_open,
        "way": way_of(submission),
        "paper": paper_of(submission),
        "reader": request.user.pk,
        "keeping": keeping_of(request.user, submission) if is_open else None,
    }
    if refused is None and getattr(submission, "owed", 0) > MANY:
        return in_two_parts(request, PAGE, early, lambda: _rows(submission, may_edit=may_edit, refused=None))
    return render(request, PAGE, early | _rows(submission, may_edit=may_edit, refused=refused), status=status)


def _rows(submission: Submission, *, may_edit: bool, refused: tuple[int, Refusal] | None) -> dict[str, Any]:
    """What the page shows of the form's cells and notes."""
    attached = Attached(submission)
    cells = cell_rows(submission, may_edit=may_edit, attached=attached)
    notes = note_rows(submission, may_edit=may_edit, attached=attached)
    same = same_numbers(submission, [row.figure for row in cells if row.is_editable])
    for row in cells:
        row.same = same.get(row.figure.pk)
        if refused is not None and row.figure.pk == refused[0]:
            row.refusal = refused[1]
    piles = piles_of(cells, notes) if may_edit and submission.is_editable else []
    return {
        "cells": cells,
        "notes": [row for row in notes if row.note.section_id is None],
        "self_report": [row for row in notes if row.note.section_id is not None],
        "piles": piles,
        "to_do_count": sum(pile.count for pile in piles),
        "last_saved": _last_saved(cells, notes),
        "states": ProgressState.choices,
        "has_assumed": any(row.figure.provenance == "assumed" for row in cells),
    }


def _last_saved(cells: list[CellRow], notes: list[NoteRow]) -> str:
    saved: list[Figure | ProgressNote] = [row.figure for row in cells if row.figure.saved_at is not None]
    saved += [row.note for row in notes if row.note.saved_at is not None]
    latest = max(saved, key=lambda row: row.saved_at or timezone.now(), default=None)
    return saved_at(latest) if latest is not None else ""


def keeping_of(user: User, submission: Submission) -> dict[str, str]:
    """What the page needs to keep typed text in the browser: whose it is, of which form, and the person's own key.

    The key never leaves the pages of a signed-in person, so that another account on the same computer finds only
    cipher text.
    """
    key = hmac.digest(settings.SECRET_KEY.encode(), f"kept text of {user.pk}".encode(), hashlib.sha256)
    return {"person": str(user.pk), "form": str(submission.pk), "key": base64.b64encode(key).decode()}


def is_by_script(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


@require_POST
@plan_page
def save_note(request: PlanRequest, period: str, organisation: str, note: int) -> HttpResponse:
    submission = open_form(request, period, organisation)
    row = get_object_or_404(ProgressNote, submission=submission, pk=note)
    revision = request.POST.get("revision", "")
    texts = {name: request.POST.get(name, "") for name in NOTE_TEXTS[:-1]}
    texts["reply"] = request.POST.get("reply", row.reply)
    try:
        saved = actions.save_note(
            row,
            by=request.user,
            revision=int(revision) if revision.isdecimal() and len(revision) < 10 else -1,
            **texts,
        )
    except ValidationError as why:
        return _note_refused(request, row, why)
    if not is_by_script(request):
        return redirect(f"{address(submission, 'form')}#note-{row.pk}")
    status = NoteRow(saved, True, remarks=last_note_remarks(submission).get(saved.pk, [])).status
    return JsonResponse(
        {"revision": saved.revision, "kind": status.kind, "words": status.words, "to_do": status.to_do, "notes": ""}
    )


def _note_refused(request: PlanRequest, note: ProgressNote, why: ValidationError) -> HttpResponse:
    if not is_by_script(request):
        for sentence in why.messages:
            messages.error(request, sentence)
        return redirect(f"{address(note.submission, 'form')}#note-{note.pk}")
    current = why.current if isinstance(why, actions.NoteConflict) else None
    saved = current or note
    status = NoteRow(saved, True).status
    body = {
        "revision": saved.revision,
        "kind": status.kind,
        "words": status.words,
        "to_do": status.to_do,
        "saved": {name: getattr(saved, name) for name in NOTE_TEXTS},
        "notes": "",
        "refusal": "clash" if current else "error",
        "told": render_to_string(f"{PAGE}#note_notes", {"messages": why.messages, "current": current}, request),
    }
    return JsonResponse(body, status=409 if current else 422)


def _add(request: PlanRequest, owner: Figure | ProgressNote, anchor: str) -> HttpResponse:
    upload = request.FILES.get("file")
    answered: dict[str, Any] = {"words": ""}
    try:
        if upload is None:
            raise ValidationError("请先选择要添加的文件。")
        actions.add_evidence(owner, by=request.user, upload=upload)
    except ValidationError as why:
        if not is_by_script(request):
            messages.error(request, why.messages[0])
        answered = {"words": why.messages[0]}
    if not is_by_script(request):
        return redirect(f"{address(owner.submission, 'form')}#{anchor}")
    return _evidence_answer(request, owner, answered)


def _evidence_answer(request: HttpRequest, owner: Figure | ProgressNote, answered: dict[str, Any]) -> JsonResponse:
    context = {"form": owner.submission, "plan": owner.submission.period.plan, "is_open": True}
    row: CellRow | NoteRow
    if isinstance(owner, Figure):
        row = cell_row(owner, may_edit=True)
        answered |= {"kind": row.status.kind, "state": row.status.words, "to_do": row.status.to_do}
    else:
        row = next(r for r in note_rows(owner.submission, may_edit=True) if r.note.pk == owner.pk)
        answered |= {"kind": row.status.kind, "state": row.status.words, "to_do": row.status.to_do}
    answered["evidence"] = render_to_string("submissions/form_evidence.html", context | {"row": row}, request)
    return JsonResponse(answered, status=422 if answered["words"] else 200)


@require_POST
@plan_page
def add_evidence(request: PlanRequest, period: str, organisation: str, figure: int) -> HttpResponse:
    submission = open_form(request, period, organisation)
    return _add(request, get_object_or_404(Figure, submission=submission, pk=figure), f"cell-{figure}")


@require_POST
@plan_page
def add_note_evidence(request: PlanRequest, period: str, organisation: str, note: int) -> HttpResponse:
    submission = open_form(request, period, organisation)
    return _add(request, get_object_or_404(ProgressNote, submission=submission, pk=note), f"note-{note}")


def _evidence_or_404(submission: Submission, pk: int) -> Evidence:
    """Return a piece of evidence of this very form, or of a request to correct it, that wasn't removed."""
    rows = Evidence.objects.filter(pk=pk)
    found = rows.select_related("figure__submission", "note__submission", "correction", "file").first()
    owner = (found.figure or found.note or found.correction) if found is not None else None
    if found is None or owner is None or owner.submission_id != submission.pk or found.removed_at is not None:
        raise Http404
    return found


@require_safe
@plan_page
def evidence(request: PlanRequest, period: str, organisation: str, pk: int) -> FileResponse:
    """Hand a file out for keeping, never for showing in the browser."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    try:
        return download(_evidence_or_404(submission, pk).file, by=request.user)
    except FileNotFoundError:
        raise Http404("the content is gone from the disk") from None


@require_safe
@plan_page
def preview_evidence(request: PlanRequest, period: str, organisation: str, pk: int) -> HttpResponseBase:
    """Show a picture or a PDF beside the form; what can't be shown is said in one sentence."""
    submission = form_or_404(request.plan, period, organisation, request.user)
    try:
        return preview(_evidence_or_404(submission, pk).file, by=request.user)
    except ValidationError as why:
        return HttpResponse(why.messages[0], status=415, content_type="text/plain; charset=utf-8")
    except FileNotFoundError:
        raise Http404("the content is gone from the disk") from None


@require_POST
@plan_page
def remove_evidence(request: PlanRequest, period: str, organisation: str, pk: int) -> HttpResponse:
    submission = open_form(request, period, organisation)
    found = _evidence_or_404(submission, pk)
    owner = found.figure or found.note
    if owner is None:  # of a request for correction, which stays as it was asked
        raise Http404
    answered: dict[str, Any] = {"words": ""}
    try:
        actions.remove_evidence(found, by=request.user)
    except ValidationError as why:
        if not is_by_script(request):
            messages.error(request, why.messages[0])
        answered = {"words": why.messages[0]}
    if is_by_script(request):
        return _evidence_answer(request, owner, answered)
    return redirect(f"{address(submission, 'form')}#{'cell' if found.figure else 'note'}-{owner.pk}")
