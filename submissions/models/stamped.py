from django.db import models
from django.db.models import Q

from audit.rules import Frozen, Rule
from audit.tracking import tracked
from files.models import StoredFile
from organisations.models import User
from submissions.models.submission import Submission

STAMP_GUARDS = (
    Frozen("上传的盖章件不能改变。", all_but=("id",)),
    Rule("n.uploaded_by_id IS DISTINCT FROM actor", "盖章件的上传人与本次变更的操作人不一致。", on_insert=True),
    Rule(
        "submissions_reviewed_by(n.submission_id, actor) OR submissions_confirmed_by(n.submission_id, actor)",
        "确认或审核过这份表的人不能上传盖章件。",
        on_insert=True,
    ),
    Rule(
        "n.version_code IS DISTINCT FROM submissions_version_code(n.submission_id)",
        "盖章件的版本码与填报表现在的数据不一致。",
        on_insert=True,
    ),
)


class StampedScan(models.Model):
    """The scan of a form that was printed and stamped (盖章件), of the content that ``version_code`` stands for.

    It holds as long as the form says the same: any later change of its content gives the form another code.
    """

    GUARDS = STAMP_GUARDS
    INSTEAD_OF_DELETING = "传错的，重新上传正确的盖章件；以最后上传的为准。"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="stamped_scans", verbose_name="填报表")
    version_code = models.CharField("版本码", max_length=20)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    history = tracked()

    class Meta:
        verbose_name = verbose_name_plural = "盖章件"
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(version_code=""), name="stamped_scan_has_a_version")]
        indexes = [models.Index(fields=["submission", "version_code"], name="stamped_scan_of_a_version")]

    def __str__(self) -> str:
        return f"{self.submission} 盖章件 {self.version_code}"
