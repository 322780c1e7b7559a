"""The form on paper: printed, stamped, scanned and attached to the version that it shows (盖章确认)."""

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from audit.clock import now
from audit.moves import StaleState
from audit.recording import record, recorded
from files.actions import store
from organisations.models import User
from organisations.permissions import require
from submissions.models import StampedScan, Submission
from submissions.permissions import can_fill_in
from submissions.queries.stamped import paper_of
from submissions.states import State

TAKEN = ("application/pdf", "image/png", "image/jpeg")


def attach_scan(submission: Submission, *, by: User, upload: "UploadedFile[bytes]", code: str) -> StampedScan:
    """Keep the scan of the stamped form, of the version whose ``code`` stands on the paper.

    Raises:
        PermissionDenied: ``by`` is no reporter of the form's own organisation, or confirmed or reviewed it.
        ValidationError: the paper shows another version than the form has now, or the file is no PDF or image.
        StaleState: the form isn't asked for any more.
    """
    with recorded(by=by, reason="上传盖章件"):
        locked = Submission.objects.locked(submission.pk)
        require(can_fill_in, by, locked)
        if locked.state == State.RETIRED:
            raise StaleState("这张填报表已不再填报，不用上传盖章件。")
        current, typed = paper_of(locked).code, tidy_code(code)
        if typed != current:
            raise ValidationError(
                {
                    "code": f"纸上的版本码是“{typed or '空'}”，填报表现在的版本码是 {current}："
                    "打印之后内容又有改动，或版本码抄错了。请核对；有改动的，重新打印、盖章后再上传。"
                }
            )
        kept = store(upload, by=by)
        if kept.content_type not in TAKEN:
            raise ValidationError({"file": "盖章件只收 PDF 或图片（PNG、JPEG）。请扫描成 PDF，或拍照后上传。"})
        scan = StampedScan.objects.create(
            submission=locked, version_code=current, file=kept, uploaded_by=by, uploaded_at=now()
        )
        record("stampedscan.attach", scan, code=current)
    return scan


def tidy_code(typed: str) -> str:
    """The code as it is printed, however it was typed: small letters, a full-width hyphen, spaces, none at all."""
    letters = "".join(each for each in typed.upper() if each.isascii() and each.isalnum())
    return f"{letters[:4]}-{letters[4:]}" if letters else ""
