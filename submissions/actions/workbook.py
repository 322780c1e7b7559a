"""A form handed out as a workbook, given back, and taken over cell by cell."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from audit.clock import now
from audit.models import Door
from audit.recording import record, recorded
from files.actions import store, tidy_name
from organisations.models import User
from organisations.permissions import require
from submissions.actions.cells import CellConflict, Sent, require_open, save_figures
from submissions.actions.notes import NoteConflict, save_note
from submissions.models import Figure, ProgressNote, Submission, UploadedWorkbook
from submissions.permissions import can_fill_in, can_see_form
from submissions.workbook.difference import Difference, Line, by_owner, difference_of
from submissions.workbook.layout import workbook_of
from submissions.workbook.proposed import with_cells
from submissions.workbook.reading import read_form
from workbooks.cells import Problem, Unusable
from workbooks.columns import Wrong
from workbooks.reading import LARGEST

CHANGED_MEANWHILE = "核对以后又有人修改过这一项，没有采用。请重新核对。"


@dataclass
class Taken:
    """What was saved of a file, and what was not, each with the reason."""

    saved: list[Line] = field(default_factory=list)
    refused: list[tuple[Line, str]] = field(default_factory=list)

    def note(self, lines: list[Line], refusal: ValidationError | None) -> None:
        if refusal is None:
            self.saved += lines
            return
        words = CHANGED_MEANWHILE if isinstance(refusal, CellConflict | NoteConflict) else "".join(refusal.messages)
        self.refused += [(line, words) for line in lines]


def hand_out(submission: Submission, *, by: User | None) -> bytes:
    """Return the form as a workbook, and record who took it out; None is the command, which runs as the system.

    Raises:
        PermissionDenied: ``by`` may not see the form.
    """
    if by is not None:
        require(can_see_form, by, submission)
    with recorded(by=by, reason="下载 Excel 填报表"):
        content = workbook_of(submission)
        record("submission.download_workbook", submission, bytes=len(content))
    return content


def keep_upload(submission: Submission, upload: "UploadedFile[bytes]", *, by: User) -> UploadedWorkbook:
    """Keep a filled-in workbook with the form; nothing of it is taken over yet.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form isn't open for editing.
        Unusable: the file is none in which a form can be read; it isn't kept.
    """
    require(can_fill_in, by, submission)
    require_open(submission)
    _look(upload)
    upload.seek(0)
    with recorded(by=by, reason="上传 Excel 填报表", door=Door.WORKBOOK):
        kept = store(upload, by=by)
        row = UploadedWorkbook.objects.create(submission=submission, file=kept, uploaded_by=by, uploaded_at=now())
        record("workbook.upload", row, file=kept.name, sha256=kept.sha256)
    return row


def _look(upload: "UploadedFile[bytes]") -> None:
    if (upload.size or 0) > LARGEST:
        words = f"文件超过 {LARGEST // 1024 // 1024} MB。请删去图片和多余的工作表。"
        raise Unusable([Problem(tidy_name(upload.name), words)])
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as copy:
        for chunk in upload.chunks():
            copy.write(chunk)
        copy.flush()
        try:
            read_form(Path(copy.name))
        except Unusable as unusable:
            told = Path(copy.name).name
            names = [Problem(tidy_name(upload.name) if p.cell == told else p.cell, p.words) for p in unusable.problems]
            raise Unusable(names) from None


def place_of(uploaded: UploadedWorkbook) -> Path:
    return Path(settings.MEDIA_ROOT) / uploaded.file.path


def take_over(uploaded: UploadedWorkbook, *, by: User, ticked: Mapping[str, int]) -> Taken:
    """Save the ticked cells of an uploaded workbook: by line the revision that was looked at.

    Figures and notes are saved by their own verbs, as if typed; one that can't be saved leaves the others be. What the
    file has like the form already is no change.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form isn't open for editing.
        Unusable: the file can't be read any more.
    """
    return take_over_lines(difference_of(uploaded.submission, place_of(uploaded)), uploaded.file.name, by, ticked)


def take_over_lines(difference: Difference, name: str, by: User, ticked: Mapping[str, int]) -> Taken:
    """As ``take_over``, for a difference that was made already."""
    taken = Taken()
    chosen = [line for line in difference.may_be_taken if line.id in ticked]
    with transaction.atomic():
        with recorded(by=by, reason="采用上传的 Excel", door=Door.WORKBOOK):
            locked = Submission.objects.locked(difference.submission.pk)
            require(can_fill_in, by, locked)
            require_open(locked)
            _save_figures(locked, chosen, by, ticked, taken)
            _save_notes(chosen, by, ticked, taken)
            if taken.saved:
                record("submission.take_over_workbook", locked, file=name, cells=len(taken.saved))
        if not taken.saved:
            transaction.set_rollback(True)
    return taken


def _save_figures(
    submission: Submission, chosen: list[Line], by: User, ticked: Mapping[str, int], taken: Taken
) -> None:
    """Send all figures at once, each as it would be with its ticked cells."""
    sent: list[Sent] = []
    of: dict[int, list[Line]] = {}
    for owner, lines in by_owner(chosen):
        if not isinstance(owner, Figure):
            continue
        given = _given(owner, lines, ticked, taken)
        if given is not None:
            of[owner.pk] = lines
            parts = given.pop("parts")
            sent.append(Sent(owner.pk, owner.revision, given, parts, confirmed=True))
    for outcome in save_figures(submission, by=by, cells=sent) if sent else ():
        taken.note(of[outcome.figure.pk], outcome.refusal)


def _save_notes(chosen: list[Line], by: User, ticked: Mapping[str, int], taken: Taken) -> None:
    for owner, lines in by_owner(chosen):
        if not isinstance(owner, ProgressNote):
            continue
        given = _given(owner, lines, ticked, taken)
        if given is None:
            continue
        try:
            save_note(owner, by=by, revision=owner.revision, **given)
        except ValidationError as refusal:
            taken.note(lines, refusal)
        else:
            taken.note(lines, None)


def _given(
    row: Figure | ProgressNote, lines: list[Line], ticked: Mapping[str, int], taken: Taken
) -> dict[str, Any] | None:
    """What the row would be saved with; None where it isn't what was looked at."""
    if any(ticked[line.id] != row.revision for line in lines):
        taken.refused += [(line, CHANGED_MEANWHILE) for line in lines]
        return None
    try:
        return with_cells(row, [line.change for line in lines])
    except Wrong as wrong:
        taken.refused += [(line, str(wrong)) for line in lines]
        return None
