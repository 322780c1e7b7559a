"""History: one ``Change`` for each transaction, one ``Entry`` for each event, one ``Version`` for each changed row."""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now


class Door(models.TextChoices):
    """Where a change came in."""

    PAGE = "page", "网页"
    FORM = "form", "填报表（网页）"
    WORKBOOK = "workbook", "上传的 Excel"
    ADMIN = "admin", "后台管理"
    JOB = "job", "后台任务"
    COMMAND = "command", "命令行"


class Change(models.Model):
    """Who changed something in one transaction, on whose behalf, why and from where.

    Rows are written by the database function ``audit_open_change`` alone; the name and the organisation are kept as
    they were. ``transaction_id`` ties versions to the transaction that opened the change. ``seal`` is left empty
    until changes are sealed.
    """

    at = models.DateTimeField("时间", db_default=Now(), editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="操作人"
    )
    actor_name = models.CharField("操作人姓名", max_length=100)
    actor_organisation = models.CharField("操作人单位", max_length=200, blank=True)
    on_behalf_of = models.CharField("代何人操作", max_length=200, blank=True)
    reason = models.TextField("理由")
    door = models.CharField("来源", max_length=20, choices=Door.choices)
    request = models.CharField("请求编号", max_length=40, blank=True)
    transaction_id = models.BigIntegerField("数据库事务", editable=False)
    seal = models.TextField("封印", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "变更"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["-at"], name="change_at"),
            models.Index(fields=["actor", "-id"], name="change_actor"),
        ]

    def __str__(self) -> str:
        return f"第{self.pk}号变更 {self.actor_name}：{self.reason}"


class Entry(models.Model):
    """One event ``thing.verb`` of one change, about one row; the label is the row's name as it was."""

    change = models.ForeignKey(Change, models.PROTECT, related_name="entries", verbose_name="变更")
    event = models.CharField("事项", max_length=80)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name="对象类型")
    subject_id = models.BigIntegerField("对象编号")
    subject_label = models.CharField("对象", max_length=300)
    detail = models.JSONField("内容", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="entry_subject"),
            models.Index(fields=["event", "-id"], name="entry_event"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_label}"


class Version(models.Model):
    """What every version table adds to django-simple-history's columns: the change that the version belongs to."""

    change = models.ForeignKey(Change, models.DO_NOTHING, related_name="+", db_constraint=False, verbose_name="变更")

    class Meta:
        abstract = True
