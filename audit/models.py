"""History: one ``Change`` for each transaction, one ``Entry`` for each event, one ``Version`` for each changed row; and
what proves it: ``WrittenRows`` with a digest of each row, one ``Seal`` for each change. Beside it the security trail.

How the digests are made stands in docs/history-format.md. All of these rows are written by the database itself.
"""

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class ClockNow(models.Func):
    """The moment itself, where ``Now`` is the transaction's beginning."""

    template = "clock_timestamp()"
    output_field = models.DateTimeField()


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
    they were. ``transaction_id`` ties versions to the transaction that opened the change. A closed change takes no
    further row: it is being sealed, at the end of its transaction.
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
    is_closed = models.BooleanField("已封存", db_default=False, editable=False)

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


class SecurityRecord(models.Model):
    """Who came in, failed, was given a role, took data out or looked at unpublished data; the security trail.

    Rows are written by the database function ``audit_note_security`` alone (``audit.security.note``), and read by a
    function that asks who reads: the application's role has no right to the table. Name and organisation are kept as
    they were; ``username`` is what was typed where nobody was signed in. There is no key to the person's row, so that
    neither can hold the other back.
    """

    at = models.DateTimeField("时间", editable=False)
    event = models.CharField("事项", max_length=80)
    person_id = models.BigIntegerField("人员编号", null=True)
    username = models.CharField("登录名", max_length=150, blank=True)
    name = models.CharField("姓名", max_length=100, blank=True)
    organisation = models.CharField("单位", max_length=200, blank=True)
    address = models.GenericIPAddressField("地址", null=True)
    request = models.CharField("请求编号", max_length=40, blank=True)
    about = models.CharField("对象", max_length=300, blank=True)
    detail = models.JSONField("内容", default=dict)

    class Meta:
        verbose_name = verbose_name_plural = "安全审计记录"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["at"], name="security_at"),
            models.Index(fields=["event", "-id"], name="security_event"),
            models.Index(fields=["person_id", "-id"], name="security_person"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.username} {self.about}".strip()


class Version(models.Model):
    """What every version table adds to django-simple-history's columns: the change that the version belongs to."""

    change = models.ForeignKey(Change, models.DO_NOTHING, related_name="+", db_constraint=False, verbose_name="变更")

    class Meta:
        abstract = True


class Epoch(models.Model):
    """By which rules the seals from here on are made: a new hash, signature, key or format opens a new epoch.

    The opening is itself a seal of the chain, so each epoch hangs on the one before. The first epoch's seal also covers
    the history that was there before sealing began.
    """

    number = models.PositiveSmallIntegerField("序号", primary_key=True)
    opened_at = models.DateTimeField("启用时间", editable=False)
    format = models.PositiveSmallIntegerField("格式版本")
    hash_name = models.CharField("摘要算法", max_length=20)
    signature_name = models.CharField("签名算法", max_length=20, blank=True)
    key = models.CharField("公钥", max_length=200, blank=True)
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "封存规则"
        ordering = ["number"]

    def __str__(self) -> str:
        return f"第{self.number}期封存规则"


class Shape(models.Model):
    """The columns of a table of history, ``[[name, type], …]``, as they were when rows were digested; old rows keep
    theirs when a column is added."""

    table_name = models.CharField("表", max_length=63)
    columns = models.JSONField("列")

    class Meta:
        verbose_name = verbose_name_plural = "历史表结构"
        indexes = [models.Index(fields=["table_name", "-id"], name="shape_table")]

    def __str__(self) -> str:
        return f"{self.table_name}（{len(self.columns)}列）"


class WrittenRows(models.Model):
    """The rows that one statement wrote into one table of history: their keys in order, the 32 bytes of each one's
    digest one after the other, and one digest over all that. They belong to a change, or to the opening of an epoch."""

    change = models.ForeignKey(
        Change, models.DO_NOTHING, related_name="written", db_constraint=False, null=True, verbose_name="变更"
    )
    epoch = models.ForeignKey(
        Epoch,
        models.DO_NOTHING,
        related_name="written",
        db_constraint=False,
        db_index=False,
        null=True,
        verbose_name="封存规则",
    )
    shape = models.ForeignKey(
        Shape, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, verbose_name="历史表结构"
    )
    row_ids = ArrayField(models.BigIntegerField(), verbose_name="行编号")
    digests = models.BinaryField("各行摘要")
    digest = models.BinaryField("摘要", max_length=32)
    # when, by the database's clock: whether it went back meanwhile; no digest covers it, and older rows have none
    at = models.DateTimeField("时间", null=True, editable=False, db_default=ClockNow())

    class Meta:
        verbose_name = verbose_name_plural = "历史行摘要"
        indexes = [models.Index(fields=["epoch"], condition=models.Q(epoch__isnull=False), name="written_epoch")]

    def __str__(self) -> str:
        return f"{self.shape.table_name} {len(self.row_ids)} 行"


class Seal(models.Model):
    """One link of the chain: closes a change (or opens an epoch) at the end of its transaction; ``digest`` covers the
    one before, so the order is the sequence's, whatever the clock said."""

    sequence = models.BigIntegerField("序号", primary_key=True)
    epoch = models.ForeignKey(
        Epoch, models.DO_NOTHING, related_name="seals", db_constraint=False, db_index=False, verbose_name="封存规则"
    )
    change = models.OneToOneField(
        Change, models.DO_NOTHING, related_name="seal", db_constraint=False, null=True, verbose_name="变更"
    )
    at = models.DateTimeField("封存时间", editable=False)
    clock_went_back = models.BooleanField("时钟曾倒退")
    row_count = models.PositiveIntegerField("行数")
    content = models.BinaryField("内容摘要", max_length=32)
    previous = models.BinaryField("上一封印", max_length=32)
    digest = models.BinaryField("封印", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "封印"
        ordering = ["sequence"]
        indexes = [
            models.Index(
                fields=["sequence"], condition=models.Q(clock_went_back=True), name="seal_after_the_clock_went_back"
            )
        ]

    def __str__(self) -> str:
        return f"第{self.sequence}号封印"
