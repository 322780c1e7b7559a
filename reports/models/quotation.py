from django.db import models

from audit.rules import Frozen, Rule
from audit.tracking import tracked
from organisations.models import User
from reports.models.section import Section
from submissions.models import ProgressNote

IS_APPROVED = (
    "(SELECT note.is_published AND note.section_id IS NOT NULL FROM submissions_progressnote note"
    " WHERE note.id = n.note_id)"
)


class Quotation(models.Model):
    """What a report's section took from a unit's approved self-report, from whom and in which version (引用); kept."""

    GUARDS = (
        Frozen("引用的记录不能改变。", all_but=("id",)),
        Rule(f"{IS_APPROVED} IS NOT TRUE", "只能引用已通过的自评报告。", on_insert=True),
        Rule("actor IS NOT NULL AND n.by_id <> actor", "引用人与本次变更的操作人不一致。", on_insert=True),
    )
    INSTEAD_OF_DELETING = "不再引用的，从章节正文中删去文字；引用的记录保留。"

    section = models.ForeignKey(Section, models.PROTECT, related_name="quotations", verbose_name="报告章节")
    note = models.ForeignKey(ProgressNote, models.PROTECT, related_name="quotations", verbose_name="自评报告部分")
    organisation_name = models.CharField("单位名称（当时）", max_length=200)
    period_name = models.CharField("报告期", max_length=100)
    title = models.CharField("部分标题（当时）", max_length=100)
    round = models.PositiveSmallIntegerField("第几次提交")
    revision = models.PositiveIntegerField("第几次保存")
    text = models.TextField("引用的文字")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="引用人")
    at = models.DateTimeField("引用时间")

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "自评报告引用"
        ordering = ["section", "at"]

    def __str__(self) -> str:
        return f"{self.section}引用{self.organisation_name}自评报告“{self.title}”"

    @property
    def source(self) -> str:
        """Where it comes from, in words."""
        return f"{self.organisation_name}{self.period_name}自评报告“{self.title}”，第 {self.round} 次提交"

    @property
    def stands(self) -> bool:
        """Whether the section still says all of it."""
        body = self.section.body
        return all(line in body for line in lines_of(self.text))

    @property
    def is_outdated(self) -> bool:
        """Whether the unit's section is another one since, or isn't approved any more."""
        return not self.note.is_published or self.note.revision != self.revision


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
