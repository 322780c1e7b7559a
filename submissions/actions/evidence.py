"""Files beside a figure or a progress note."""

from django.core.files.uploadedfile import UploadedFile

from audit.clock import now
from audit.moves import StaleState
from audit.recording import record, recorded
from files.actions import store
from organisations.models import User
from submissions.actions.cells import locked_cell
from submissions.actions.notes import locked_note
from submissions.models import Evidence, Figure, ProgressNote


def add_evidence(owner: Figure | ProgressNote, *, by: User, upload: "UploadedFile[bytes]") -> Evidence:
    """Keep a file as evidence of a figure or a progress note.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation.
        StaleState: the form or the cell isn't open for editing.
        ValidationError: the file is too large, empty, or of a type that isn't taken.
    """
    with recorded(by=by, reason="添加佐证材料"):
        locked = _locked(owner, by)
        field = "figure" if isinstance(locked, Figure) else "note"
        kept = store(upload, by=by)
        evidence = Evidence.objects.create(**{field: locked}, file=kept, added_by=by, added_at=now())
        record("evidence.add", evidence, of=str(locked))
        return evidence


def remove_evidence(evidence: Evidence, *, by: User) -> Evidence:
    """Take a file away from what it proves; it stays in history.

    Raises:
        PermissionDenied, StaleState: as ``add_evidence``, or it was removed before, or belongs to a request.
    """
    with recorded(by=by, reason="移除佐证材料"):
        owner = evidence.figure or evidence.note
        if owner is None:
            raise StaleState("更正申请所附的材料不能移除。")
        locked = _locked(owner, by)
        current = Evidence.objects.select_related("file").get(pk=evidence.pk)
        if current.removed_at is not None:
            raise StaleState("这份材料已经移除，请刷新后查看。")
        current.removed_at = now()
        current.save(update_fields=["removed_at"])
        record("evidence.remove", current, of=str(locked))
        return current


def _locked(owner: Figure | ProgressNote, by: User) -> Figure | ProgressNote:
    return locked_cell(owner, by) if isinstance(owner, Figure) else locked_note(owner, by)
