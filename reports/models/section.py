from django.db import models

from audit.tracking import tracked
from evaluation.models import Evaluation
from organisations.models import Provenance, User


class Section(models.Model):
    """A part of the report that people write; plain text, paragraphs parted by line breaks."""

    INSTEAD_OF_DELETING = "内容有误的，修改后保存。"

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="sections", verbose_name="评估")
    position = models.PositiveSmallIntegerField("排序")
    level = models.PositiveSmallIntegerField("层级", default=1)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文", blank=True)
    tables = models.JSONField("附在节后的表", default=list, blank=True)  # names of tables, see reports.tables
    is_written_by_people = models.BooleanField("由人撰写", default=True)
    is_placeholder = models.BooleanField("仍为占位文字", default=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.ASSUMED)
    revision = models.PositiveIntegerField("保存次数", default=0)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="保存人")
    saved_at = models.DateTimeField("保存时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "报告章节"
        ordering = ["evaluation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "position"], name="section_position_once_in_a_report")
        ]

    def __str__(self) -> str:
        return self.title
