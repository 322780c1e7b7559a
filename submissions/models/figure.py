from decimal import Decimal

from django.db import models
from django.db.models import Q

from arithmetic.as_of import AsOf
from arithmetic.as_of import Precision as AsOfPrecision
from arithmetic.shown import as_of_in_words, number_on_screen
from audit.tracking import tracked
from files.models import StoredFile
from indicators.models import DIGITS, Expectation, Indicator, Precision, QuantityKind
from organisations.models import Organisation, Provenance, User
from plans.models import ReportingPeriod
from submissions.guards import CELL_GUARDS, CELL_MOVES, EVIDENCE_GUARDS, PUBLISHED_GUARDS
from submissions.models.submission import Correction, Submission
from submissions.states import EDITABLE_CELLS, CellState

CAN_STAY = {QuantityKind.STOCK, QuantityKind.RATIO, QuantityKind.SINCE_START}
"""Of what the last period's value may be taken over: a stock, never a flow."""

YES_OR_NO = {"是": Decimal(1), "否": Decimal(0)}  # how an indicator that asks whether something is done is answered


class Answer(models.TextChoices):
    """A blank, a number, a zero given on purpose, and no data (with a reason) are four things."""

    BLANK = "", "待填"
    VALUE = "value", "数值"
    ZERO = "zero", "确认为零"
    NO_DATA = "no_data", "无数据"


class Reading(models.Model):
    """The columns that a working figure and a published value share; ``value`` is in the indicator's unit."""

    answer = models.CharField("填报方式", max_length=10, choices=Answer.choices, default=Answer.BLANK, blank=True)
    value = models.DecimalField("完成值", null=True, blank=True, **DIGITS)
    value_printed = models.CharField("原样文字", max_length=100, blank=True)
    parts = models.JSONField("分项", default=list, blank=True)  # [{"name", "unit", "value"}], values as text
    no_data_reason = models.TextField("无数据的原因", blank=True)
    as_of = models.DateField("截至日期", null=True, blank=True)
    as_of_precision = models.CharField(
        "截至日期精度", max_length=20, choices=Precision.choices, default=Precision.DAY, blank=True
    )
    as_of_printed = models.CharField("截至日期（原文）", max_length=50, blank=True)
    last_year_value = models.DecimalField("上年同期数（可比口径）", null=True, blank=True, **DIGITS)
    reported_growth = models.DecimalField("同比增速（可比价，%）", null=True, blank=True, **DIGITS)
    growth_source = models.CharField("增速来源", max_length=200, blank=True)
    data_source = models.CharField("数据来源", max_length=200, blank=True)
    explanation = models.TextField("说明", blank=True)
    expectation = models.CharField("预计能否如期完成", max_length=20, choices=Expectation.choices, blank=True)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)

    class Meta:
        abstract = True

    @property
    def shown(self) -> str:
        """The answer as a page shows it, without its unit."""
        if self.value_printed in YES_OR_NO:
            return self.value_printed
        if self.answer == Answer.VALUE:
            return number_on_screen(self.value)
        return Answer(self.answer).label

    @property
    def parts_shown(self) -> str:
        """47＋1＋3; empty without parts."""
        return "＋".join(number_on_screen(Decimal(part["value"])) for part in self.parts)

    @property
    def as_of_shown(self) -> str:
        """The as-of date as it was given; empty where it is the period's end."""
        if self.as_of is None:
            return ""
        return self.as_of_printed or as_of_in_words(AsOf(self.as_of, AsOfPrecision(self.as_of_precision or "day")))


def answer_fits_value(prefix: str) -> models.CheckConstraint:
    """A number stands exactly where the answer says that one stands."""
    return models.CheckConstraint(
        condition=Q(answer=Answer.VALUE, value__isnull=False)
        | Q(answer=Answer.ZERO, value=0)
        | (Q(answer=Answer.NO_DATA, value=None) & ~Q(no_data_reason=""))
        | Q(answer=Answer.BLANK, value=None),
        name=f"{prefix}_answer_fits_value",
    )


class Figure(Reading):
    """The working value of one indicator, by one organisation, for one period (数据).

    ``revision`` counts the saves of the cell: a save that names an older one meets somebody else's change.
    """

    FOLLOWS = CELL_MOVES
    GUARDS = CELL_GUARDS
    INSTEAD_OF_DELETING = "填错的，在填报表中改正；已通过的，申请更正。"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="figures", verbose_name="填报表")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="figures", verbose_name="规划指标")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="figures", verbose_name="单位")
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="figures", verbose_name="报告期")
    state = models.CharField("状态", max_length=20, choices=CellState.choices, default=CellState.TO_FILL)
    is_owed = models.BooleanField("应填", default=True)
    is_same_as_before = models.BooleanField("与上期相同", default=False)
    """Given on purpose, not by typing the same number."""
    reply = models.TextField("对退回理由的答复", blank=True)
    revision = models.PositiveIntegerField("保存次数", default=0)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="保存人")
    saved_at = models.DateTimeField("保存时间", null=True, blank=True)

    history = tracked(indexed=["submission"])

    class Meta:
        verbose_name = verbose_name_plural = "数据"
        ordering = ["submission", "indicator__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "organisation", "period"], name="figure_once_for_indicator_organisation_period"
            ),
            answer_fits_value("figure"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.period}"

    @property
    def is_editable(self) -> bool:
        return self.is_owed and self.state in EDITABLE_CELLS


class ValueStage(models.TextChoices):
    FLASH = "flash", "快报数"
    PRELIMINARY = "preliminary", "初步核算数"
    ANNUAL = "annual", "年报数"
    FINAL = "final", "最终核实数"
    REVISED = "revised", "修订数"


class PublishedValue(Reading):
    """A figure's value as approved; written by approval, never changed, a revision stands beside the first (已发布值)."""

    GUARDS = PUBLISHED_GUARDS
    INSTEAD_OF_DELETING = "发布有误的，由审核人撤销通过，或经同意更正后另行发布。"

    figure = models.ForeignKey(Figure, models.PROTECT, related_name="published_values", verbose_name="数据")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="published_values", verbose_name="规划指标")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="published_values", verbose_name="单位"
    )
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="published_values", verbose_name="报告期")
    review = models.ForeignKey(
        "submissions.Review", models.PROTECT, related_name="published_values", verbose_name="审核"
    )
    sequence = models.PositiveSmallIntegerField("第几次发布")
    stage = models.CharField("数据阶段", max_length=20, choices=ValueStage.choices, default=ValueStage.PRELIMINARY)
    published_at = models.DateTimeField("发布时间")
    withdrawn_at = models.DateTimeField("撤销时间", null=True, blank=True)

    history = tracked(indexed=["figure"])

    class Meta:
        verbose_name = verbose_name_plural = "已发布值"
        ordering = ["indicator__number", "as_of", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["figure", "sequence"], name="published_value_sequence_once_a_figure"),
            models.UniqueConstraint(
                fields=["figure", "review"],
                name="published_value_once_a_figure_and_review",
                violation_error_message="一次审核只能把一项数据发布一次。",
            ),
            answer_fits_value("published_value"),
        ]
        indexes = [models.Index(fields=["indicator", "-as_of", "-sequence"], name="published_value_as_of")]

    def __str__(self) -> str:
        return f"{self.figure} 第{self.sequence}次发布"


class Evidence(models.Model):
    """A file beside the figure, the progress note or the request for correction that it proves (佐证材料)."""

    GUARDS = EVIDENCE_GUARDS
    INSTEAD_OF_DELETING = "不再作为佐证的，在填报表中移除。"

    figure = models.ForeignKey(
        Figure, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name="数据"
    )
    note = models.ForeignKey(
        "submissions.ProgressNote",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name="进展说明",
    )
    correction = models.ForeignKey(
        Correction, models.PROTECT, null=True, blank=True, related_name="evidence", verbose_name="数据更正申请"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="添加人")
    added_at = models.DateTimeField("添加时间")
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(figure__isnull=False, note=None, correction=None)
                | Q(figure=None, note__isnull=False, correction=None)
                | Q(figure=None, note=None, correction__isnull=False),
                name="evidence_for_exactly_one_thing",
            )
        ]

    def __str__(self) -> str:
        return str(self.file)
