from django.db import models

from audit.rules import Frozen
from audit.tracking import tracked
from files.models import StoredFile
from organisations.models import User
from submissions.models.submission import Submission


class UploadedWorkbook(models.Model):
    """A form's workbook that somebody filled in and gave back; what was taken over of it stands in history."""

    GUARDS = (Frozen("上传的文件不能改变。", columns=("submission_id", "file_id", "uploaded_by_id", "uploaded_at")),)
    INSTEAD_OF_DELETING = "传错的文件，不采用即可。"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="workbooks", verbose_name="填报表")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "上传的填报表"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.submission} {self.file}"
