from django.db import models
from django.db.models import Q

from audit.rules import Frozen
from audit.tracking import tracked
from indicators.models import Indicator
from organisations.models import User
from plans.models import Plan
from submissions.models.figure import Figure


class Severity(models.TextChoices):
    """How much a rule asks: an error keeps the form, a warning asks for an explanation, a hint is only shown."""

    ERROR = "error", "错误"
    WARNING = "warning", "需说明"
    HINT = "hint", "提示"
    OFF = "off", "停用"


class CheckSetting(models.Model):
    """How a rule is set in a plan, or for one of its indicators, otherwise than by default; with the reason (校核设置).

    ``severity`` and ``parameters`` left empty leave the rule as the plan, or its default, has it.
    """

    INSTEAD_OF_DELETING = "不再需要的设置，改回默认，并写明理由。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="check_settings", verbose_name="规划")
    rule = models.SlugField("规则", max_length=50)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="check_settings", verbose_name="规划指标"
    )
    severity = models.CharField("程度", max_length=10, choices=Severity.choices, blank=True)
    parameters = models.JSONField("参数", default=dict, blank=True)  # numbers as text, by the parameter's name
    reason = models.TextField("理由")
    tuned_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="设置人")
    tuned_at = models.DateTimeField("设置时间")

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "校核设置"
        ordering = ["plan", "rule", "indicator__number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "rule", "indicator"], name="check_setting_once_an_indicator"),
            models.UniqueConstraint(
                fields=["plan", "rule"], condition=Q(indicator=None), name="check_setting_once_a_plan"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="check_setting_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.indicator or self.plan}"


class CheckFinding(models.Model):
    """What a rule found in a figure's value, kept when the form goes out or the finding is answered (疑点).

    One row for each figure, rule and fingerprint of what the rule looked at: an answer holds for that value only.
    ``stands`` says that it was found in what was handed in last; queues and counts read this, never the forms.
    """

    GUARDS = (Frozen("疑点所指的数据和规则不能改变。", columns=("figure_id", "rule", "fingerprint", "found_at")),)
    INSTEAD_OF_DELETING = "不再成立的疑点，随下一次提交不再显示，记录保留。"

    figure = models.ForeignKey(Figure, models.PROTECT, related_name="check_findings", verbose_name="数据")
    rule = models.SlugField("规则", max_length=50)
    fingerprint = models.CharField("所校核的内容", max_length=64)
    severity = models.CharField("程度", max_length=10, choices=Severity.choices)
    title = models.CharField("疑点", max_length=50)
    message = models.TextField("内容")
    stands = models.BooleanField("仍成立", default=True)
    found_at = models.DateTimeField("首次发现时间")
    reason = models.TextField("说明", blank=True)
    explained_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="说明人"
    )
    explained_at = models.DateTimeField("说明时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "疑点"
        ordering = ["figure", "id"]
        constraints = [
            models.UniqueConstraint(fields=["figure", "rule", "fingerprint"], name="check_finding_once_a_value"),
            models.CheckConstraint(
                condition=Q(reason="") | Q(explained_at__isnull=False), name="explained_finding_has_its_time"
            ),
        ]
        indexes = [
            models.Index(fields=["figure"], name="check_finding_standing", condition=Q(stands=True)),
            models.Index(fields=["rule"], name="check_finding_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.title}"
