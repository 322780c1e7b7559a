from django.db import models
from django.db.models import F, Q

from audit.moves import Move
from audit.rules import Frozen
from audit.tracking import tracked
from organisations.models import User
from submissions.guards import ANSWERS
from submissions.models.submission import Submission


class ExtensionState(models.TextChoices):
    ASKED = "asked", "已申请"
    GRANTED = "granted", "已同意"
    REFUSED = "refused", "未同意"


class Extension(models.Model):
    """An organisation's request for a later deadline of one form, and the answer (延期申请).

    ``until`` is what was asked for, ``deadline`` what was granted: the form's deadline from then on.
    """

    MOVES = {
        "grant": Move(frozenset({ExtensionState.ASKED}), ExtensionState.GRANTED, "同意延期", "decided_by", ANSWERS),
        "refuse": Move(frozenset({ExtensionState.ASKED}), ExtensionState.REFUSED, "不同意延期", "decided_by", ANSWERS),
    }
    GUARDS = (
        Frozen(
            "延期申请提出后，内容不能改变。", columns=("submission_id", "until", "reason", "asked_by_id", "asked_at")
        ),
        Frozen(
            "延期申请的答复不能改变。",
            columns=("answer", "deadline", "decided_by_id", "decided_at"),
            unless="n.state <> o.state",
        ),
    )
    INSTEAD_OF_DELETING = "不再需要延期的，由审核人答复不同意。"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="extensions", verbose_name="填报表")
    state = models.CharField("状态", max_length=20, choices=ExtensionState.choices, default=ExtensionState.ASKED)
    until = models.DateTimeField("申请延至")
    reason = models.TextField("理由")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="申请人")
    asked_at = models.DateTimeField("申请时间")
    deadline = models.DateTimeField("同意延至", null=True, blank=True)
    answer = models.TextField("答复", blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "延期申请"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(state=ExtensionState.ASKED), name="one_open_extension_a_form"
            ),
            models.CheckConstraint(
                condition=Q(deadline__isnull=False, state=ExtensionState.GRANTED)
                | (Q(deadline=None) & ~Q(state=ExtensionState.GRANTED)),
                name="granted_extension_has_its_deadline",
            ),
            models.CheckConstraint(condition=Q(until__gt=F("asked_at")), name="extension_reaches_into_the_future"),
        ]

    def __str__(self) -> str:
        return f"{self.submission} 延期申请"
