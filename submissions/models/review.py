from django.db import models
from django.db.models import Q

from audit.models import Entry
from audit.tracking import tracked
from organisations.models import User
from submissions.guards import REMARK_GUARDS, REVIEW_GUARDS
from submissions.models.figure import Figure
from submissions.models.note import ProgressNote
from submissions.models.submission import Submission
from submissions.states import ReviewStep


class Decision(models.TextChoices):
    APPROVED = "approved", "通过"
    RETURNED = "returned", "退回"
    WITHDRAWN = "withdrawn", "撤销通过"
    PASSED = "passed", "初审通过"
    SENT_BACK = "sent_back", "退回初审"


ON_ITS_WAY = (
    Decision.PASSED,
    Decision.SENT_BACK,
)  # between the working group's two levels; the organisation isn't told


class Review(models.Model):
    """A reviewer's decision on a submission (审核)."""

    GUARDS = REVIEW_GUARDS
    INSTEAD_OF_DELETING = "审核有误的，由审核人撤销通过，或重新审核。"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reviews", verbose_name="填报表")
    round = models.PositiveSmallIntegerField("第几次提交")
    decision = models.CharField("决定", max_length=20, choices=Decision.choices)
    step = models.CharField("环节", max_length=10, choices=ReviewStep.choices, default=ReviewStep.ONLY)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="审核人")
    at = models.DateTimeField("时间")
    comment = models.TextField("意见", blank=True)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", verbose_name="记录")

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "审核"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.submission} {self.get_decision_display()}"

    @property
    def title(self) -> str:
        """The decision with its level, where there are two: 初审退回, 终审通过."""
        words = str(self.get_decision_display())
        if self.step == ReviewStep.ONLY or self.decision in (Decision.WITHDRAWN, *ON_ITS_WAY):
            return words
        return f"{self.get_step_display()}{words}"

    @property
    def by_name(self) -> str:
        """The reviewer's name as it was; ask for ``entry__change`` with the rows."""
        return self.entry.change.actor_name


class Remark(models.Model):
    """One reason on one figure or progress note of a returned submission (退回理由); kept for ever."""

    GUARDS = REMARK_GUARDS
    INSTEAD_OF_DELETING = "理由有误的，在下一次审核时说明。"

    review = models.ForeignKey(Review, models.PROTECT, related_name="remarks", verbose_name="审核")
    figure = models.ForeignKey(
        Figure, models.PROTECT, null=True, blank=True, related_name="remarks", verbose_name="数据"
    )
    note = models.ForeignKey(
        ProgressNote, models.PROTECT, null=True, blank=True, related_name="remarks", verbose_name="进展说明"
    )
    text = models.TextField("理由")
    reported = models.CharField("退回时所报", max_length=200, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "退回理由"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(figure__isnull=False, note=None) | Q(figure=None, note__isnull=False),
                name="remark_on_exactly_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def subject(self) -> Figure | ProgressNote:
        found = self.figure or self.note
        assert found is not None
        return found

    @property
    def subject_name(self) -> str:
        return self.figure.indicator.full_name if self.figure is not None else str(self.subject)
