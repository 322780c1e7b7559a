"""Stored files: content hash, checked type; the owning room decides who may read one."""

from django.db import models

from audit.rules import Frozen
from audit.tracking import tracked
from files.kinds import KINDS
from organisations.models import User

PREVIEWED = {"image/png": "picture", "image/jpeg": "picture", "application/pdf": "pdf"}


class PublicationAttribute(models.TextChoices):
    """Whether something is to be published (公开属性)."""

    ACTIVE = "active", "主动公开"
    ON_REQUEST = "on_request", "依申请公开"
    NONE = "none", "不予公开"


class Scan(models.TextChoices):
    """What the virus scanner said of a content."""

    NOT_CONFIGURED = "not_configured", "病毒扫描：未配置"
    CLEAN = "clean", "已扫描，未发现病毒"
    UNAVAILABLE = "unavailable", "未扫描：扫描服务不可用"
    INFECTED = "infected", "发现病毒，已停用"


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
    scan = models.CharField("病毒扫描", max_length=20, choices=Scan.choices, default=Scan.NOT_CONFIGURED)
    scanned_at = models.DateTimeField("扫描时间", null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "文件"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_infected(self) -> bool:
        return self.scan == Scan.INFECTED

    @property
    def warns(self) -> str:
        """What has to be said wherever the file is named: it wasn't scanned, or a virus was found since."""
        return self.get_scan_display() if self.scan in (Scan.UNAVAILABLE, Scan.INFECTED) else ""

    @property
    def preview_kind(self) -> str:
        """How a page can show it: as a picture, as a PDF, or not at all."""
        return "" if self.is_infected else PREVIEWED.get(self.content_type, "")

    @property
    def type_words(self) -> str:
        """PDF, picture, Word or Excel."""
        return next((kind.short for kind in KINDS if kind.content_type == self.content_type), "文件")
