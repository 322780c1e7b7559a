from django.db import models

from organisations.models import User
from submissions.models.submission import Submission


class Look(models.Model):
    """When a reviewer last looked at a form: what changed in it since stands in their queue (上次查看)."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="looks", verbose_name="填报表")
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="审核人")
    at = models.DateTimeField("上次查看时间")

    class Meta:
        verbose_name = verbose_name_plural = "上次查看"
        ordering = ["-at"]
        constraints = [models.UniqueConstraint(fields=["person", "submission"], name="one_look_a_person_and_form")]

    def __str__(self) -> str:
        return f"{self.person} {self.submission}"
