"""The organisation that has the data checks what another one reported (数据会审)."""

from decimal import Decimal

from django.core.exceptions import ValidationError

from audit.clock import now
from audit.moves import StaleState
from audit.recording import record, recorded
from organisations.models import User
from organisations.permissions import require
from submissions.actions.cells import shown_in_history
from submissions.actions.typed import tidy
from submissions.models import Figure, SourceCheck, Submission
from submissions.permissions import can_check_as_source
from submissions.states import CellState, State


def check_as_source(
    figure: Figure, *, by: User, answer: str, value: Decimal | None, agrees: bool, remark: str = ""
) -> SourceCheck:
    """Mark a handed-in figure 已核对, or say where it differs; ``answer`` and ``value`` are what the person saw.

    It changes nothing in the figure: only the organisation that reports a number changes it.

    Raises:
        PermissionDenied: ``by`` belongs to no organisation that has the data of this indicator.
        ValidationError: it differs and nothing is said of how.
        StaleState: it isn't handed in any more, or says something else meanwhile.
    """
    with recorded(by=by, reason=remark.strip() or "数据会审"):
        submission = Submission.objects.locked(figure.submission_id)
        locked = Figure.objects.select_related("indicator", "period").get(pk=figure.pk)
        require(can_check_as_source, by, locked)
        if submission.state != State.SUBMITTED or locked.state != CellState.SUBMITTED:
            raise StaleState("这一数据已退回、撤回或已审核，不再会审。请刷新后查看。")
        if (locked.answer, locked.value) != (answer, value):
            raise StaleState("你打开之后，这一数据有了修改，会审意见没有保存。请刷新后重新核对。")
        text = tidy(remark, "remark")
        if not agrees and not text:
            raise ValidationError({"remark": "核对有出入的，请写明出入在哪里。"})
        said, _ = SourceCheck.objects.update_or_create(
            figure=locked,
            organisation=by.organisation,
            defaults={
                "answer": locked.answer,
                "value": locked.value,
                "agrees": agrees,
                "remark": text,
                "checked_by": by,
                "checked_at": now(),
            },
        )
        record("figure.check", locked, value=shown_in_history(locked), agrees=agrees, remark=text)
    return said
