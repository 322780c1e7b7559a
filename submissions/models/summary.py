from django.db import models

from audit.rules import Frozen
from audit.tracking import tracked
from files.models import StoredFile
from organisations.models import User
from plans.models import Plan


class SummaryTemplate(models.Model):
    """A superior's own workbook (汇总表模板), and what of it is filled in from published values.

    ``mapping`` is as ``submissions.summary.mapping`` writes it: single cells, and tables under a head.
    """

    GUARDS = (Frozen("模板文件上传后不能改变。", columns=("plan_id", "file_id", "uploaded_by_id", "uploaded_at")),)
    INSTEAD_OF_DELETING = "不再使用的，停用并写明理由。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="summary_templates", verbose_name="规划")
    name = models.CharField("名称", max_length=100)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="模板文件")
    mapping = models.JSONField("对应关系", default=dict, blank=True)
    is_mapped = models.BooleanField("已确认对应关系", default=False)
    is_active = models.BooleanField("使用中", default=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "汇总表模板"
        ordering = ["-is_active", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "name"],
                name="summary_template_name_once_in_a_plan",
                violation_error_message="已有同名的汇总表模板，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return self.name
