"""What is planned: chapters of key tasks."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from audit.tracking import tracked
from organisations.models import Provenance
from plans.models import Plan


class TaskChapter(models.Model):
    """A chapter of key tasks (重点任务)."""

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="chapters", verbose_name="规划")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("标题", max_length=200)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "重点任务章"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="chapter_number_once_in_a_plan")]

    def __str__(self) -> str:
        return self.title


class KeyTask(models.Model):
    """A single task that someone can be asked about."""

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由；不再由原单位承担的，终止其责任分解。"

    chapter = models.ForeignKey(TaskChapter, models.PROTECT, related_name="tasks", verbose_name="章")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("任务", max_length=300)
    content = models.TextField("内容", blank=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "重点任务"
        ordering = ["chapter", "number"]
        constraints = [models.UniqueConstraint(fields=["chapter", "number"], name="task_number_once_in_a_chapter")]
        indexes = [GinIndex(fields=["title"], opclasses=["gin_trgm_ops"], name="task_title_trgm")]

    def __str__(self) -> str:
        return self.title
