from django.db import models
from django.db.models import F, Q

from audit.rules import Frozen
from audit.tracking import tracked
from indicators.models import Indicator
from organisations.models import Organisation, User
from plans.models import Plan


class Assignment(models.Model):
    """Whose forms, or which indicator's figures, a reviewer reviews in a plan, from when until when (审核分工).

    It says whose queue a form stands in; it keeps no other reviewer from deciding.
    """

    GUARDS = (
        Frozen(
            "审核分工一经确定，内容不能改变；要换人的，移交给其他审核人。",
            all_but=("id", "ended_at"),
        ),
        Frozen("审核分工已经结束。", columns=("ended_at",), unless="o.ended_at IS NULL"),
    )
    INSTEAD_OF_DELETING = "不再由其审核的，结束分工或移交给其他审核人。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="review_assignments", verbose_name="规划")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="review_assignments", verbose_name="审核人")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="填报单位"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="规划指标"
    )
    assigned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="分工人")
    assigned_at = models.DateTimeField("分工时间")
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "审核分工"
        ordering = ["plan", "organisation__position", "indicator__number", "assigned_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, indicator=None)
                | Q(organisation=None, indicator__isnull=False),
                name="assignment_of_exactly_one_thing",
            ),
            models.UniqueConstraint(
                fields=["plan", "reviewer", "organisation"],
                condition=Q(ended_at=None),
                name="assignment_once_a_reviewer_and_organisation",
                violation_error_message="已经由这位审核人审核。",
            ),
            models.UniqueConstraint(
                fields=["plan", "reviewer", "indicator"],
                condition=Q(ended_at=None),
                name="assignment_once_a_reviewer_and_indicator",
                violation_error_message="已经由这位审核人审核。",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("assigned_at")), name="assignment_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name}由{self.reviewer.name}审核"

    @property
    def subject_name(self) -> str:
        return self.organisation.name if self.organisation is not None else str(self.indicator)
