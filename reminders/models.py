"""Deadlines: what was sent, to whom, on which occasion."""

from django.db import models
from django.db.models import Q

from audit.models import Entry
from organisations.models import User
from plans.models import Plan
from reminders.queries import NoticeQuerySet
from submissions.models import Submission


class Channel(models.TextChoices):
    APPLICATION = "application", "站内"
    MAIL = "mail", "邮件"


class Notice(models.Model):
    """One notice by one rule, on one occasion, to one person, through one channel: unique, so never sent twice.

    An occasion is an entry, or a form with its due date and step (working days left, negative when overdue).
    """

    rule = models.CharField("规则", max_length=40)
    recipient = models.ForeignKey(User, models.PROTECT, related_name="notices", verbose_name="收件人")
    channel = models.CharField("渠道", max_length=20, choices=Channel.choices)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="记录")
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="填报表"
    )
    due_on = models.DateField("时限日", null=True, blank=True)
    step = models.SmallIntegerField("距时限工作日", null=True, blank=True)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", verbose_name="规划")
    subject = models.CharField("标题", max_length=200)
    text = models.TextField("内容")
    link = models.CharField("链接", max_length=300, blank=True)
    created_at = models.DateTimeField("生成时间")
    claimed_at = models.DateTimeField("开始发送时间", null=True, blank=True)
    sent_at = models.DateTimeField("送达时间", null=True, blank=True)
    failed_because = models.TextField("未送达原因", blank=True)
    attempts = models.PositiveSmallIntegerField("发送次数", default=0)
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["rule", "recipient", "channel", "entry"], name="notice_once_an_entry"),
            models.UniqueConstraint(
                fields=["rule", "recipient", "channel", "submission", "due_on", "step"],
                name="notice_once_a_form_and_step",
            ),
            models.CheckConstraint(
                condition=Q(entry__isnull=False, submission=None)
                | Q(entry=None, submission__isnull=False, due_on__isnull=False, step__isnull=False),
                name="notice_on_exactly_one_occasion",
            ),
        ]
        indexes = [models.Index(fields=["recipient", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return self.subject
