from django.db import models
from django.db.models import Q

from audit.rules import Frozen
from audit.tracking import tracked
from indicators.models import DIGITS
from organisations.models import Organisation, User
from submissions.models.figure import Answer, Figure


class SourceCheck(models.Model):
    """What an organisation that has the data says of a figure that another one reported (数据会审).

    It speaks of the value that stands here; another value in the figure hasn't been checked.
    """

    GUARDS = (Frozen("会审记录所指的数据和单位不能改变。", columns=("figure_id", "organisation_id")),)
    INSTEAD_OF_DELETING = "会审意见有变的，重新核对，记录保留。"

    figure = models.ForeignKey(Figure, models.PROTECT, related_name="source_checks", verbose_name="数据")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name="数据来源单位")
    answer = models.CharField("所核对的填报方式", max_length=10, choices=Answer.choices)
    value = models.DecimalField("所核对的数值", null=True, blank=True, **DIGITS)
    agrees = models.BooleanField("已核对一致")
    remark = models.TextField("会审意见", blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="核对人")
    checked_at = models.DateTimeField("核对时间")

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "数据会审"
        ordering = ["-checked_at"]
        constraints = [
            models.UniqueConstraint(fields=["figure", "organisation"], name="source_check_once_an_organisation"),
            models.CheckConstraint(
                condition=Q(agrees=True) | ~Q(remark=""),
                name="disagreement_says_why",
                violation_error_message="核对有出入的，请写明出入在哪里。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {'已核对' if self.agrees else '有出入'}"

    def speaks_of(self, figure: Figure) -> bool:
        """Whether the figure still says what was checked."""
        return self.answer == figure.answer and self.value == figure.value
