from django.db import models
from django.db.models import Q

from audit.moves import Move
from audit.rules import Frozen
from audit.tracking import tracked
from background.models import BackgroundJob
from indicators.models import DIGITS
from organisations.models import User
from submissions.models.figure import Answer, Figure, answer_fits_value


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", "待单位采用"
    TAKEN = "taken", "已采用"
    DECLINED = "declined", "未采用"
    OVERTAKEN = "overtaken", "已被新的汇总数代替"


class ProposedValue(models.Model):
    """What the working group's consolidated workbook says of a figure that its organisation has still to fill in (汇总数).

    It is nobody's answer until a reporter of the organisation takes it over. ``text`` is as it was typed; ``value`` is
    in the indicator's unit.
    """

    MOVES = {
        "take": Move(frozenset({ProposalState.PROPOSED}), ProposalState.TAKEN, "采用", "decided_by"),
        "decline": Move(frozenset({ProposalState.PROPOSED}), ProposalState.DECLINED, "不采用", "decided_by"),
        "overtake": Move(frozenset({ProposalState.PROPOSED}), ProposalState.OVERTAKEN, "由新的汇总数代替"),
    }
    GUARDS = (
        Frozen("汇总数载入后不能改变。", all_but=("id", "state", "decided_by_id", "decided_at")),
        Frozen(
            "汇总数是否采用，只能随状态记录一次。",
            columns=("decided_by_id", "decided_at"),
            unless="n.state <> o.state",
        ),
    )
    INSTEAD_OF_DELETING = "有误的，载入新的汇总数代替。"

    figure = models.ForeignKey(Figure, models.PROTECT, related_name="proposed_values", verbose_name="数据")
    answer = models.CharField("填报方式", max_length=10, choices=Answer.choices, default=Answer.BLANK, blank=True)
    value = models.DecimalField("数值", null=True, blank=True, **DIGITS)
    text = models.CharField("原样文字", max_length=100, blank=True)
    no_data_reason = models.TextField("无数据的原因", blank=True)
    explanation = models.TextField("说明", blank=True)
    data_source = models.CharField("数据来源", max_length=200, blank=True)
    job = models.ForeignKey(
        BackgroundJob, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="后台办理"
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="载入人")
    proposed_at = models.DateTimeField("载入时间")
    state = models.CharField("状态", max_length=20, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="处理人"
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "汇总数"
        ordering = ["figure", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["figure"], condition=Q(state=ProposalState.PROPOSED), name="proposed_value_one_open_a_figure"
            ),
            answer_fits_value("proposed_value"),
            models.CheckConstraint(
                condition=Q(state=ProposalState.PROPOSED, decided_at=None)
                | (~Q(state=ProposalState.PROPOSED) & Q(decided_at__isnull=False)),
                name="decided_proposal_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.shown}"

    @property
    def shown(self) -> str:
        """What was typed; the words of an answer without a number."""
        return self.text or self.get_answer_display()

    def says_as(self, other: "ProposedValue") -> bool:
        """Whether two proposals say the same, whoever made them."""
        names = ("answer", "value", "no_data_reason", "explanation", "data_source")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    def agrees_with(self, figure: Figure) -> bool:
        """Whether the figure says this already."""
        return figure.answer == self.answer and figure.value == self.value
