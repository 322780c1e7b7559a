"""What is planned: major projects and their milestones."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from audit.tracking import tracked
from organisations.models import Provenance
from plans.models import Plan


class MajorProject(models.Model):
    """A major project (重大项目)."""

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由；不再由原单位承担的，终止其责任分解。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="projects", verbose_name="规划")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("项目名称", max_length=200)
    group = models.CharField("分组", max_length=100, blank=True)
    content = models.TextField("建设内容", blank=True)
    investment_printed = models.CharField("总投资", max_length=100, blank=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "重大项目"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="project_number_once_in_a_plan")]
        indexes = [GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="project_name_trgm")]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """A point that a project is to reach (节点)."""

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由。"

    project = models.ForeignKey(MajorProject, models.PROTECT, related_name="milestones", verbose_name="项目")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("节点", max_length=300)
    due_printed = models.CharField("计划时间（原文）", max_length=100, blank=True)
    due_on = models.DateField("计划日期", null=True, blank=True)
    reached_on = models.DateField("完成日期", null=True, blank=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "项目节点"
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="milestone_number_once_in_a_project")
        ]

    def __str__(self) -> str:
        return self.title
