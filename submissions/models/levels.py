from django.db import models
from django.db.models import Q

from audit.rules import Frozen
from audit.tracking import tracked
from organisations.models import Organisation, User
from plans.models import Plan
from submissions.models.submission import LEVELS


class StampRule(models.TextChoices):
    """Whether a plan's forms are printed and stamped, and the scan attached (盖章确认)."""

    NOT_NEEDED = "not_needed", "不需要"
    BEFORE = "before", "提交前"
    AFTER = "after", "提交后限期补交"


class LevelSetting(models.Model):
    """How many steps a form takes, in a plan or for one of its organisations, with the reason (办理层级).

    Whether it is stamped on paper is one for the whole plan; ``stamp_days`` are working days after it was handed in.

    A level left empty is as the plan has it, and for the plan itself one. In its unit a form takes two steps too where
    the organisation itself asks for its head's confirmation, and has no setting of its own.
    """

    GUARDS = (Frozen("设置所属的规划和单位不能改变。", columns=("plan_id", "organisation_id")),)
    INSTEAD_OF_DELETING = "不再需要的设置，改为照规划或默认，并写明理由。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="level_settings", verbose_name="规划")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="level_settings", verbose_name="单位"
    )
    in_unit = models.PositiveSmallIntegerField("单位内", choices=LEVELS, null=True, blank=True)
    in_group = models.PositiveSmallIntegerField("专项小组", choices=LEVELS, null=True, blank=True)
    stamped = models.CharField("盖章确认", max_length=10, choices=StampRule.choices, default=StampRule.NOT_NEEDED)
    stamp_days = models.PositiveSmallIntegerField("补交期限（工作日）", null=True, blank=True)
    reason = models.TextField("理由")
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="设置人")
    set_at = models.DateTimeField("设置时间")

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "办理层级"
        ordering = ["plan", "organisation__position", "organisation__code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "organisation"], name="levels_set_once_an_organisation"),
            models.UniqueConstraint(fields=["plan"], condition=Q(organisation=None), name="levels_set_once_a_plan"),
            models.CheckConstraint(condition=~Q(reason=""), name="levels_set_with_a_reason"),
            models.CheckConstraint(
                condition=(Q(in_unit=None) | Q(in_unit__in=[1, 2])) & (Q(in_group=None) | Q(in_group__in=[1, 2])),
                name="levels_are_one_or_two",
            ),
            models.CheckConstraint(
                condition=Q(organisation=None) | Q(stamped=StampRule.NOT_NEEDED),
                name="stamped_paper_is_asked_by_the_plan",
            ),
            models.CheckConstraint(
                condition=Q(stamped=StampRule.AFTER, stamp_days__isnull=False)
                | (~Q(stamped=StampRule.AFTER) & Q(stamp_days=None)),
                name="stamped_paper_has_its_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation or self.plan} 办理层级"
