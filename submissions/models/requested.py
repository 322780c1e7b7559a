from django.db import models
from django.db.models import Q

from arithmetic.as_of import AsOf
from arithmetic.as_of import Precision as AsOfPrecision
from arithmetic.shown import as_of_in_words, number_on_screen, signed_on_screen
from audit.rules import Frozen, Rule
from audit.tracking import tracked
from indicators.models import DIGITS, Precision
from submissions.models.figure import YES_OR_NO, Answer, Figure, PublishedValue, answer_fits_value
from submissions.models.submission import Correction

SAYS_SOMETHING_NEW = """
    SELECT 1 FROM submissions_publishedvalue published JOIN submissions_correction asked ON asked.id = n.correction_id
    JOIN submissions_figure figure ON figure.id = n.figure_id AND figure.submission_id = asked.submission_id
    WHERE published.id = n.published_id AND published.figure_id = n.figure_id AND published.withdrawn_at IS NULL
        AND (published.answer, published.value, published.parts, published.as_of, published.no_data_reason)
            IS DISTINCT FROM (n.answer, n.value, n.parts, n.as_of, n.no_data_reason)
"""


class RequestedValue(models.Model):
    """What an organisation asks to correct a published value to (申请更正为); beside it what is published.

    It is nobody's answer: agreed to, its organisation takes it over into the form that is open again. ``value_printed``
    is as the cell's own reader keeps it, and can be typed again.
    """

    GUARDS = (
        Frozen("更正申请提出后，新值不能改变。", all_but=("id",)),
        Rule(
            f"NOT EXISTS ({SAYS_SOMETHING_NEW})",
            "申请更正的新值须与这一项现在的已发布值不同。",
            on_insert=True,
        ),
    )
    INSTEAD_OF_DELETING = "不再需要更正的，由审核人答复不同意。"

    correction = models.ForeignKey(Correction, models.PROTECT, related_name="values", verbose_name="数据更正申请")
    figure = models.ForeignKey(Figure, models.PROTECT, related_name="requested_values", verbose_name="数据")
    published = models.ForeignKey(PublishedValue, models.PROTECT, related_name="+", verbose_name="现已发布")
    answer = models.CharField("填报方式", max_length=10, choices=Answer.choices)
    value = models.DecimalField("数值", null=True, blank=True, **DIGITS)
    value_printed = models.CharField("原样文字", max_length=100, blank=True)
    parts = models.JSONField("分项", default=list, blank=True)
    no_data_reason = models.TextField("无数据的原因", blank=True)
    as_of = models.DateField("截至日期", null=True, blank=True)
    as_of_precision = models.CharField(
        "截至日期精度", max_length=20, choices=Precision.choices, default=Precision.DAY, blank=True
    )
    as_of_printed = models.CharField("截至日期（原文）", max_length=50, blank=True)

    history = tracked(indexed=["correction"])

    class Meta:
        verbose_name = verbose_name_plural = "申请更正的新值"
        ordering = ["correction", "figure__indicator__number"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "figure"], name="requested_value_once_a_figure"),
            models.CheckConstraint(condition=~Q(answer=Answer.BLANK), name="requested_value_says_something"),
            answer_fits_value("requested_value"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.shown}"

    @property
    def shown(self) -> str:
        """The new answer as a page shows it, without its unit."""
        if self.answer == Answer.VALUE and self.value_printed not in YES_OR_NO:
            return number_on_screen(self.value)
        return self.value_printed if self.answer == Answer.VALUE else Answer(self.answer).label

    @property
    def as_of_shown(self) -> str:
        if self.as_of is None:
            return ""
        return self.as_of_printed or as_of_in_words(AsOf(self.as_of, AsOfPrecision(self.as_of_precision or "day")))

    @property
    def difference(self) -> str:
        """New minus published, signed; empty where one of them is no number."""
        before = self.published.value
        if self.value is None or before is None or self.value_printed in YES_OR_NO:
            return ""
        return "不变" if self.value == before else signed_on_screen(self.value - before)

    def agrees_with(self, figure: Figure) -> bool:
        """Whether the figure says this by now."""
        names = ("answer", "value", "parts", "as_of", "no_data_reason")
        return all(getattr(self, name) == getattr(figure, name) for name in names)
