"""What for: the plan and its reporting periods."""

import calendar
from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from audit.moves import Move
from audit.rules import Frozen
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


# the months with whose last day a period of the kind ends; a special round ends on any day
LAST_MONTHS = {
    PeriodKind.MONTH: frozenset(range(1, 13)),
    PeriodKind.QUARTER: frozenset({3, 6, 9, 12}),
    PeriodKind.HALF_YEAR: frozenset({6, 12}),
    PeriodKind.YEAR: frozenset({12}),
}


class ReportingPeriod(models.Model):
    """A stretch of time that is reported on, with its opening day and its deadline (inclusive to its last second)."""

    MOVES = {
        "open_period": Move(frozenset({PeriodState.PLANNED}), PeriodState.OPEN, "开放填报", "opened_by"),
        "close_period": Move(frozenset({PeriodState.OPEN}), PeriodState.CLOSED, "关闭填报", "closed_by"),
        "reopen_period": Move(frozenset({PeriodState.CLOSED}), PeriodState.OPEN, "重新开放填报"),
    }
    GUARDS = (
        Frozen(
            "报告期开放后，起止日和类别不能改变。",
            columns=("plan_id", "code", "name", "kind", "starts_on", "ends_on", "opens_on"),
            unless=f"o.state = '{PeriodState.PLANNED}'",
        ),
        Frozen(
            "开放和关闭的记录只能随报告期的状态改变。",
            columns=("opened_by_id", "opened_at", "closed_by_id", "closed_at"),
            unless="n.state <> o.state",
        ),
        Frozen(
            "时限较短的理由只能随报告期的状态或报送时限改变。",
            columns=("short_notice_reason",),
            unless="n.state <> o.state OR n.deadline <> o.deadline",
        ),
        Frozen("关闭的报告期不能变更报送时限。", columns=("deadline",), unless=f"n.state <> '{PeriodState.CLOSED}'"),
    )
    INSTEAD_OF_DELETING = "设错的报告期，未开放的修改时间，已开放的关闭填报。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="periods", verbose_name="规划")
    code = models.SlugField("代码", max_length=50)
    name = models.CharField("名称", max_length=100)
    kind = models.CharField("类别", max_length=20, choices=PeriodKind.choices)
    starts_on = models.DateField("起始日")
    ends_on = models.DateField("截止日")
    opens_on = models.DateField("开放日")
    deadline = models.DateTimeField("报送时限")
    takes_late = models.BooleanField("允许逾期报送", default=True)
    state = models.CharField("状态", max_length=20, choices=PeriodState.choices, default=PeriodState.PLANNED)
    short_notice_reason = models.TextField("时限较短的理由", blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="开放人")
    opened_at = models.DateTimeField("开放时间", null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="关闭人")
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "报告期"
        ordering = ["plan", "ends_on", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="period_code_once_in_a_plan",
                violation_error_message="这个规划已有代码相同的报告期，请换一个代码。",
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "starts_on", "ends_on"],
                condition=~Q(kind=PeriodKind.SPECIAL),
                name="period_once_for_its_days",
                violation_error_message="这个规划已有同一类别、起止日相同的报告期。",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")),
                name="period_ends_after_it_starts",
                violation_error_message="截止日不能早于起始日。",
            ),
            models.CheckConstraint(
                condition=Q(deadline__date__gte=F("opens_on")),
                name="period_is_due_after_it_opens",
                violation_error_message="报送时限不能早于开放日。",
            ),
            models.CheckConstraint(
                condition=~Q(state=PeriodState.CLOSED) | Q(closed_at__isnull=False),
                name="closed_period_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse days outside the plan, and a last day on which no period of the kind ends."""
        if self.plan_id is None or self.starts_on is None or self.ends_on is None:
            return
        if self.starts_on.year < self.plan.base_year or self.ends_on.year > self.plan.last_year:
            years = f"{self.plan.base_year}—{self.plan.last_year}年"
            raise ValidationError(f"起止日应在规划的基年和目标年之间（{years}）。")
        months = LAST_MONTHS.get(PeriodKind(self.kind)) if self.kind in PeriodKind.values else None
        last = calendar.monthrange(self.ends_on.year, self.ends_on.month)[1]
        if months is not None and (self.ends_on.day != last or self.ends_on.month not in months):
            named = "、".join(str(month) for month in sorted(months))
            raise ValidationError(
                f"{self.get_kind_display()}报告期的截止日应为 {named} 月的最后一天；其他日期的，请选“专项填报”。"
            )

    @property
    def year(self) -> int:
        return self.ends_on.year

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on
