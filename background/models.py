"""Work that takes longer than a page may: who asked, how far it has come, how it ended."""

from django.db import models
from django.db.models import Q

from audit.moves import Move
from audit.rules import Frozen
from audit.tracking import tracked
from files.models import StoredFile
from organisations.models import User


class JobState(models.TextChoices):
    WAITING = "waiting", "排队中"
    RUNNING = "running", "正在办理"
    DONE = "done", "已办完"
    FAILED = "failed", "没有办成"
    CANCELLED = "cancelled", "已取消"


UNDER_WAY = frozenset({JobState.WAITING, JobState.RUNNING})


class BackgroundJob(models.Model):
    """One piece of work that a person handed to the worker.

    ``kind`` names what is done (``background.kinds``), ``arguments`` with what.
    """

    MOVES = {
        "start": Move(frozenset({JobState.WAITING}), JobState.RUNNING, "开始办理"),
        "finish": Move(frozenset({JobState.RUNNING}), JobState.DONE, "办完"),
        "fail": Move(UNDER_WAY, JobState.FAILED, "中止"),
        "cancel": Move(UNDER_WAY, JobState.CANCELLED, "取消"),
    }
    GUARDS = (
        Frozen("后台办理的事项交办后不能改变。", columns=("kind", "title", "arguments", "asked_by_id", "asked_at")),
    )
    INSTEAD_OF_DELETING = "不再需要的，取消办理。"

    kind = models.CharField("种类", max_length=60)
    title = models.CharField("事项", max_length=200)
    arguments = models.JSONField("内容", default=dict)
    back = models.CharField("办完后返回", max_length=300, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="background_jobs", verbose_name="交办人")
    asked_at = models.DateTimeField("交办时间")
    state = models.CharField("状态", max_length=20, choices=JobState.choices, default=JobState.WAITING)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    outcome = models.TextField("结果", blank=True)
    result = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="结果文件"
    )

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "后台办理"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=UNDER_WAY, ended_at=None)
                | (~Q(state__in=UNDER_WAY) & Q(ended_at__isnull=False)),
                name="ended_job_has_its_time",
            )
        ]
        indexes = [models.Index(fields=["asked_by", "-id"], name="job_of_a_person")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class JobProgress(models.Model):
    """How far a job that has started is: written again and again, and proving nothing, it leaves no versions."""

    job = models.OneToOneField(
        BackgroundJob, models.PROTECT, primary_key=True, related_name="progress", verbose_name="后台办理"
    )
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("共计", default=0)
    reported_at = models.DateTimeField("最近进展时间")

    class Meta:
        verbose_name = verbose_name_plural = "办理进度"

    def __str__(self) -> str:
        return f"{self.done} / {self.total}"
