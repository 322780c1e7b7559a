"""Stored files: content hash, checked type; the owning room decides who may read one."""

from django.db import models

from audit.rules import Frozen
from audit.tracking import tracked
from organisations.models import User


class PublicationAttribute(models.TextChoices):
    """Whether something is to be published (公开属性)."""

    ACTIVE = "active", "主动公开"
    ON_REQUEST = "on_request", "依申请公开"
    NONE = "none", "不予公开"


class StoredFile(models.Model):
    """One content, stored once under its SHA-256; the name is the uploader's."""

    GUARDS = (Frozen("存入的文件不能改变。", columns=("sha256", "size", "path", "uploaded_by_id", "uploaded_at")),)
    INSTEAD_OF_DELETING = "不再使用的文件，在使用它的地方移除。"

    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    path = models.CharField("存放位置", max_length=200, editable=False)
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")
    publication = models.CharField(
        "公开属性", max_length=20, choices=PublicationAttribute.choices, default=PublicationAttribute.NONE
    )

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "文件"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
