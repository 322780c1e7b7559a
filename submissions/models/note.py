from django.db import models
from django.db.models import Q

from audit.tracking import tracked
from organisations.models import Provenance, User
from projects.models import MajorProject
from submissions.guards import NOTE_GUARDS
from submissions.models.self_report import SelfReportSection
from submissions.models.submission import Submission
from tasks.models import KeyTask


class ProgressState(models.TextChoices):
    BLANK = "", "未填"
    NOT_BEGUN = "not_begun", "未启动"
    ON_COURSE = "on_course", "按计划推进"
    AHEAD = "ahead", "快于计划"
    BEHIND = "behind", "滞后"
    DONE = "done", "已完成"


class ProgressNote(models.Model):
    """The words beside the numbers, for a task or a project (进展说明), or of a section of the self-report (自评报告).

    A section's text stands in ``progress``; it has no state of progress.
    """

    GUARDS = NOTE_GUARDS
    INSTEAD_OF_DELETING = "写错的，在填报表中改正。"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="notes", verbose_name="填报表")
    task = models.ForeignKey(
        KeyTask, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name="重点任务"
    )
    project = models.ForeignKey(
        MajorProject, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name="重大项目"
    )
    section = models.ForeignKey(
        SelfReportSection, models.PROTECT, null=True, blank=True, related_name="notes", verbose_name="自评报告部分"
    )
    state = models.CharField("进展状态", max_length=20, choices=ProgressState.choices, blank=True)
    progress = models.TextField("进展", blank=True)
    problems = models.TextField("问题", blank=True)
    next_step = models.TextField("下一步", blank=True)
    is_owed = models.BooleanField("应填", default=True)
    reply = models.TextField("对退回理由的答复", blank=True)
    is_sent = models.BooleanField("已提交", default=False)
    is_published = models.BooleanField("已发布", default=False)
    provenance = models.CharField("来源", max_length=20, choices=Provenance.choices, default=Provenance.REPORT)
    revision = models.PositiveIntegerField("保存次数", default=0)
    saved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="保存人")
    saved_at = models.DateTimeField("保存时间", null=True, blank=True)

    history = tracked(indexed=["submission"])

    class Meta:
        verbose_name = verbose_name_plural = "进展说明"
        ordering = ["submission", "task", "project", "section"]
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, project=None, section=None)
                | Q(task=None, project__isnull=False, section=None)
                | Q(task=None, project=None, section__isnull=False),
                name="note_for_exactly_one_thing",
            ),
            models.UniqueConstraint(fields=["submission", "task"], name="note_once_a_form_and_task"),
            models.UniqueConstraint(fields=["submission", "project"], name="note_once_a_form_and_project"),
            models.UniqueConstraint(fields=["submission", "section"], name="note_once_a_form_and_section"),
            models.CheckConstraint(
                condition=Q(section=None) | Q(state="", problems="", next_step=""),
                name="self_report_section_is_one_text",
                violation_error_message="自评报告的一个部分只有正文。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.section) if self.section is not None else f"{self.task or self.project}进展说明"

    @property
    def subject(self) -> KeyTask | MajorProject | SelfReportSection:
        found = self.task or self.project or self.section
        assert found is not None
        return found

    @property
    def is_editable(self) -> bool:
        """Whether its reporters may change it while the form is with them; what is sent or published stays as it is."""
        return self.is_owed and not (self.is_published or self.is_sent)

    @property
    def is_blank(self) -> bool:
        """Whether something owed is missing; a section that isn't required may stay empty."""
        if self.section is not None:
            return self.section.is_required and not self.progress
        return not self.state or not self.progress

    @property
    def shown(self) -> str:
        """What it says in a word: the state of progress, or how long a section's text is."""
        return self.get_state_display() if self.section_id is None else f"{len(''.join(self.progress.split())):,} 字"
