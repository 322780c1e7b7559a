"""By what measure: categories, indicators, their targets by year and their values in source documents."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from audit.tracking import tracked
from files.models import PublicationAttribute
from organisations.models import Provenance
from plans.models import Plan
from projects.models import MajorProject
from tasks.models import KeyTask

DIGITS: dict[str, Any] = {"max_digits": 24, "decimal_places": 6}


class Attribute(models.TextChoices):
    EXPECTED = "expected", "预期性"
    BINDING = "binding", "约束性"


class Direction(models.TextChoices):
    RISING = "rising", "正向"
    FALLING = "falling", "逆向"


class QuantityKind(models.TextChoices):
    """What a value counts; decides what may be compared and added."""

    PERIOD = "period", "当期值"
    YEAR_TO_DATE = "year_to_date", "本年累计"
    SINCE_START = "since_start", "规划期累计"
    ANNUAL = "annual", "年度值"
    STOCK = "stock", "时点值"
    RATIO = "ratio", "比率"
    GROWTH = "growth", "增速"


class TargetForm(models.TextChoices):
    REACH = "reach", "达到"
    AT_LEAST = "at_least", "不低于"
    AT_MOST = "at_most", "不高于"
    HOLD = "hold", "保持"
    RANGE = "range", "区间"
    YES_NO = "yes_no", "是否完成"
    AVERAGE_RATE = "average_rate", "年均"


class MissingBase(models.TextChoices):
    """What a missing base means."""

    NOT_SET = "not_set", "未设定"
    NOT_OBTAINED = "not_obtained", "未取得"
    FROM_ZERO = "from_zero", "从零起算"


class Frequency(models.TextChoices):
    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    HALF_YEAR = "half_year", "半年"
    YEAR = "year", "年"


class Path(models.TextChoices):
    """The declared path from base to target where there are no annual targets."""

    LINEAR = "linear", "线性"
    EQUAL_GROWTH = "equal_growth", "等速增长"
    STEPS = "steps", "阶梯"


class Precision(models.TextChoices):
    """How exactly an as-of date was given; the date itself is the last day meant."""

    DAY = "day", "日"
    MONTH = "month", "月"
    MONTH_END = "month_end", "月底"
    YEAR = "year", "年"
    YEAR_END = "year_end", "年底"


class Expectation(models.TextChoices):
    """What the organisation that reports a number says about reaching the target in time."""

    YES = "yes", "预计能完成"
    NO = "no", "预计难完成"
    UNCLEAR = "unclear", "暂不能判断"


class IndicatorCategory(models.Model):
    """A category of indicators (指标类别), numbered 一 to 五."""

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="categories", verbose_name="规划")
    number = models.PositiveSmallIntegerField("序号")
    title = models.CharField("名称", max_length=200)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "指标类别"
        ordering = ["plan", "number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="category_number_once_in_a_plan")]

    def __str__(self) -> str:
        return self.title


class Indicator(models.Model):
    """One quantity of a plan, of a category, a task or a project.

    ``base_printed`` and ``target_printed`` keep what stands in the plan; ``base``, ``target`` and ``target_upper``
    what it means, in ``unit``.
    """

    INSTEAD_OF_DELETING = "不再统计的指标，填写“不再纳入统计”的日期和理由。"

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="indicators", verbose_name="规划")
    category = models.ForeignKey(
        IndicatorCategory, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name="类别"
    )
    task = models.ForeignKey(
        KeyTask, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name="重点任务"
    )
    project = models.ForeignKey(
        MajorProject, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name="重大项目"
    )
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("指标名称", max_length=200)
    body_name = models.CharField("正文中的名称", max_length=200, blank=True)
    body_note = models.TextField("正文与附表的差异", blank=True)
    unit = models.CharField("单位", max_length=30, blank=True)
    attribute = models.CharField("指标属性", max_length=20, choices=Attribute.choices, default=Attribute.EXPECTED)
    direction = models.CharField("方向", max_length=20, choices=Direction.choices, default=Direction.RISING)
    kind = models.CharField("数值类别", max_length=20, choices=QuantityKind.choices, default=QuantityKind.STOCK)
    frequency = models.CharField("统计周期", max_length=20, choices=Frequency.choices, default=Frequency.YEAR)
    decimals = models.PositiveSmallIntegerField("小数位数", default=0)
    base_printed = models.CharField("基数（原文）", max_length=50, blank=True)
    base = models.DecimalField("基数", null=True, blank=True, **DIGITS)
    base_missing = models.CharField("无基数的含义", max_length=20, choices=MissingBase.choices, blank=True)
    target_printed = models.CharField("目标（原文）", max_length=50, blank=True)
    target_form = models.CharField("目标形式", max_length=20, choices=TargetForm.choices, default=TargetForm.REACH)
    target = models.DecimalField("目标", null=True, blank=True, **DIGITS)
    target_upper = models.DecimalField("目标上限", null=True, blank=True, **DIGITS)
    path = models.CharField("路径", max_length=20, choices=Path.choices, default=Path.LINEAR)
    definition = models.TextField("口径", blank=True)
    data_source = models.CharField("数据来源", max_length=200, blank=True)
    is_counted = models.BooleanField("仍纳入统计", default=True)
    dropped_reason = models.TextField("不再纳入统计的原因", blank=True)
    dropped_on = models.DateField("不再纳入统计的日期", null=True, blank=True)
    handed_down_by = models.CharField("下达机关", max_length=200, blank=True)
    handed_down_document = models.CharField("下达文号", max_length=100, blank=True)
    publication = models.CharField(
        "公开属性", max_length=20, choices=PublicationAttribute.choices, default=PublicationAttribute.ACTIVE
    )
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "规划指标"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="indicator_number_once_in_a_plan"),
            models.CheckConstraint(
                condition=Q(category__isnull=False, task=None, project=None)
                | Q(category=None, task__isnull=False, project=None)
                | Q(category=None, task=None, project__isnull=False),
                name="indicator_of_exactly_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(is_counted=True) | ~Q(dropped_reason=""), name="dropped_indicator_has_a_reason"
            ),
        ]
        indexes = [GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="indicator_name_trgm")]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """The name with its unit, as tables print it."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


class IndicatorPart(models.Model):
    """A named part of a composite value (47 + 1 + 3); the total is reported, not assumed."""

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由。"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="parts", verbose_name="指标")
    number = models.PositiveSmallIntegerField("序号")
    name = models.CharField("分项名称", max_length=100)
    unit = models.CharField("单位", max_length=30, blank=True)
    may_be_added = models.BooleanField("可相加", default=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "指标分项"
        ordering = ["indicator", "number"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="part_number_once_in_an_indicator")
        ]

    def __str__(self) -> str:
        return self.name


class AnnualTarget(models.Model):
    """An indicator's target for one year (年度目标)."""

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由。"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="annual_targets", verbose_name="指标")
    year = models.PositiveSmallIntegerField("年度")
    printed = models.CharField("目标（原文）", max_length=50, blank=True)
    value = models.DecimalField("目标", **DIGITS)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "年度目标"
        ordering = ["indicator", "year"]
        constraints = [models.UniqueConstraint(fields=["indicator", "year"], name="annual_target_once_a_year")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}年"


class DocumentedValue(models.Model):
    """A value as a source document prints it, for a year or for the mid-term; material, never shown as published.

    What is published goes through a form and its approval; this is what the reporter may start from.
    """

    INSTEAD_OF_DELETING = "内容有误的，修改并写明理由。"

    class Occasion(models.TextChoices):
        YEAR = "year", "年度"
        MID_TERM = "mid_term", "中期"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="documented_values", verbose_name="指标")
    occasion = models.CharField("场合", max_length=20, choices=Occasion.choices)
    year = models.PositiveSmallIntegerField("年度")
    printed = models.CharField("数值（原文）", max_length=100)
    value = models.DecimalField("数值", null=True, blank=True, **DIGITS)
    parts = models.JSONField("分项", default=list, blank=True)
    reported_growth = models.DecimalField("同比增速（可比价，%）", null=True, blank=True, **DIGITS)
    as_of = models.DateField("截至日期", null=True, blank=True)
    as_of_precision = models.CharField("截至日期精度", max_length=20, choices=Precision.choices, blank=True)
    as_of_printed = models.CharField("截至日期（原文）", max_length=50, blank=True)
    explanation = models.TextField("说明", blank=True)
    body_explanation = models.TextField("正文中的说明", blank=True)
    completion_mark = models.TextField("是否完成（原文）", blank=True)
    expectation = models.CharField("预计能否如期完成", max_length=20, choices=Expectation.choices, blank=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "文献数值"
        ordering = ["indicator", "year", "occasion"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "occasion", "year"], name="documented_value_once_an_occasion")
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year}年{self.get_occasion_display()} {self.printed}"
