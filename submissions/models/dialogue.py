from django.db import models
from django.db.models import Q

from audit.rules import Frozen, Rule
from audit.tracking import tracked
from organisations.models import User
from submissions.models.figure import Figure
from submissions.models.note import ProgressNote
from submissions.models.review import Review


class Reply(models.Model):
    """What an organisation answered to the reasons of a return, with what it reports now (答复); kept for ever.

    Written as the form goes out again: what stands in the figure's own field until then is a draft.
    """

    GUARDS = (
        Frozen("答复一经提交不能改变。", all_but=("id",)),
        Rule("actor IS NOT NULL AND n.by_id <> actor", "答复人与本次变更的操作人不一致。", on_insert=True),
    )
    INSTEAD_OF_DELETING = "答复有误的，在下一次答复时说明。"

    review = models.ForeignKey(Review, models.PROTECT, related_name="replies", verbose_name="所答复的审核")
    figure = models.ForeignKey(
        Figure, models.PROTECT, null=True, blank=True, related_name="replies", verbose_name="数据"
    )
    note = models.ForeignKey(
        ProgressNote, models.PROTECT, null=True, blank=True, related_name="replies", verbose_name="进展说明"
    )
    text = models.TextField("答复", blank=True)
    reported = models.CharField("答复时所报", max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="答复人")
    at = models.DateTimeField("时间")

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "答复"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(figure__isnull=False, note=None) | Q(figure=None, note__isnull=False),
                name="reply_on_exactly_one_thing",
            )
        ]

    def __str__(self) -> str:
        return self.text or f"报 {self.reported}"

    @property
    def subject(self) -> Figure | ProgressNote:
        found = self.figure or self.note
        assert found is not None
        return found
