from django.db import models

from audit.rules import Rule
from audit.tracking import tracked
from plans.models import Plan

HANDED_IN = (
    "EXISTS (SELECT 1 FROM submissions_progressnote note"
    " WHERE note.section_id = o.id AND (note.is_sent OR note.is_published))"
)


class SelfReportSection(models.Model):
    """One section of a plan's outline of the self-report (自评报告提纲): what a unit writes beside its special round.

    The text of each is a ``ProgressNote`` of the form: it goes out, comes back and is approved with it.
    """

    GUARDS = (Rule(HANDED_IN, "已有单位报送了自评报告，提纲不能再改。", on_update=True),)
    INSTEAD_OF_DELETING = "不再需要的部分，从提纲中取消。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="self_report_sections", verbose_name="规划")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("标题", max_length=100)
    guidance = models.TextField("填写要求", blank=True)
    is_required = models.BooleanField("必填", default=True)
    is_used = models.BooleanField("在用", default=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "自评报告提纲"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="self_report_section_number_once_a_plan",
                violation_error_message="提纲中已有这个序号。",
            )
        ]

    def __str__(self) -> str:
        return f"自评报告：{self.title}"
