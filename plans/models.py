"""What for: the plan and its reporting periods."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from audit.moves import Move
from audit.tracking import tracked
from organisations.models import Organisation, Provenance, User


class Plan(models.Model):
    """A five-year plan; everything else belongs to one."""

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由。"

    code = models.SlugField("代码", max_length=50, unique=True)
    name = models.CharField("规划名称", max_length=200)
    short_name = models.CharField("简称", max_length=100, blank=True)
    place = models.CharField("地区", max_length=100, blank=True)
    document_number = models.CharField("印发文号", max_length=100, blank=True)
    drawn_up_by = models.CharField("编制单位", max_length=200, blank=True)
    approved_by = models.CharField("审批机关", max_length=200, blank=True)
    base_year = models.PositiveSmallIntegerField("基年")
    first_year = models.PositiveSmallIntegerField("起始年")
    last_year = models.PositiveSmallIntegerField("目标年")
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="主办单位"
    )
    consultation = models.CharField("填报咨询", max_length=200, blank=True)
    body_note = models.TextField("正文与附表差异说明", blank=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "规划"
        ordering = ["-first_year", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(base_year__lte=F("first_year")) & Q(first_year__lte=F("last_year")),
                name="plan_years_in_order",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        return self.short_name or self.name


class PeriodKind(models.TextChoices):
    MONTH = "month", "月度"
    QUARTER = "quarter", "季度"
    HALF_YEAR = "half_year", "半年"
    YEAR = "year", "年度"
    SPECIAL = "special", "专项填报"


class PeriodState(models.TextChoices):
    PLANNED = "planned", "未开放"
    OPEN = "open", "填报中"
    CLOSED = "closed", "已关闭"


class ReportingPeriod(models.Model):
    """A stretch of time that is reported on, with its opening day and its deadline (inclusive to its last second)."""

    MOVES = {
        "open_period": Move(frozenset({PeriodState.PLANNED}), PeriodState.OPEN, "开放填报", "opened_by"),
        "close_period": Move(frozenset({PeriodState.OPEN}), PeriodState.CLOSED, "关闭填报"),
    }
    INSTEAD_OF_DELETING = "设错的报告期，未开放的修改时间，已开放的关闭填报。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods", verbose_name="规划")
    code = models.SlugField("代码", max_length=50)
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=20, choices=PeriodKind.choices)
    starts_on = models.DateField("起始日")
    ends_on = models.DateField("截止日")
    opens_on = models.DateField("开放日")
    deadline = models.DateTimeField("报送时限")
    state = models.CharField("状态", max_length=20, choices=PeriodState.choices, default=PeriodState.PLANNED)
    short_notice_reason = models.TextField("时限较短的理由", blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="开放人")
    opened_at = models.DateTimeField("开放时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "报告期"
        ordering = ["plan", "ends_on", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="period_code_once_in_a_plan"),
            models.CheckConstraint(condition=Q(starts_on__lte=F("ends_on")), name="period_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def year(self) -> int:
        return self.ends_on.year

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on
