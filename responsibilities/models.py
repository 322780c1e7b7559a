"""By whom: who answers for an indicator, a task or a project."""

from datetime import date

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from audit.tracking import tracked
from indicators.models import Indicator
from organisations.models import Organisation, Provenance
from plans.models import Plan
from projects.models import MajorProject
from tasks.models import KeyTask

# The first day of a responsibility that always was: two of them are one, as PostgreSQL 14 can tell.
BEFORE_ALL = Value(date(1, 1, 1), output_field=models.DateField())


class Part(models.TextChoices):
    LEAD = "lead", "牵头单位"
    SUPPORT = "support", "配合单位"
    DATA_SOURCE = "data_source", "数据来源单位"


class Responsibility(models.Model):
    """One organisation's part in one indicator, task or project, with effective dates (责任分解)."""

    INSTEAD_OF_DELETING = "不再承担的，填写“终止日期”，新的单位另行登记。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="responsibilities", verbose_name="规划")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="responsibilities", verbose_name="单位"
    )
    part = models.CharField("职责", max_length=20, choices=Part.choices)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="responsibilities", verbose_name="规划指标"
    )
    task = models.ForeignKey(
        KeyTask, models.PROTECT, null=True, blank=True, related_name="responsibilities", verbose_name="重点任务"
    )
    project = models.ForeignKey(
        MajorProject, models.PROTECT, null=True, blank=True, related_name="responsibilities", verbose_name="重大项目"
    )
    reports_figure = models.BooleanField("由该单位填报", default=False)
    valid_from = models.DateField("起始日期", null=True, blank=True)
    valid_to = models.DateField("终止日期", null=True, blank=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.ASSUMED)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "责任分解"
        ordering = ["plan", "indicator", "task", "project", "part"]
        constraints = [
            models.CheckConstraint(
                condition=Q(indicator__isnull=False, task=None, project=None)
                | Q(indicator=None, task__isnull=False, project=None)
                | Q(indicator=None, task=None, project__isnull=False),
                name="responsibility_for_exactly_one_thing",
            ),
            *[
                models.UniqueConstraint(
                    "organisation",
                    "part",
                    thing,
                    Coalesce("valid_from", BEFORE_ALL),
                    name=f"responsibility_once_for_{thing}",
                    violation_error_message="这个单位的同一项职责已经登记过。",
                )
                for thing in ("indicator", "task", "project")
            ],
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.get_part_display()} {self.subject}"

    @property
    def subject(self) -> Indicator | KeyTask | MajorProject:
        found = self.indicator or self.task or self.project
        assert found is not None
        return found
