from datetime import datetime

from django.db import models
from django.db.models import F, Q

from audit.clock import now
from audit.moves import Move
from audit.tracking import tracked
from organisations.models import Organisation, User
from plans.calendar import is_past
from plans.models import PeriodState, ReportingPeriod
from submissions.guards import (
    ANSWERS,
    CONFIRMS,
    CORRECTION_GUARDS,
    FILLS_IN,
    FINAL_REVIEWS,
    FIRST_REVIEWS,
    FORM_GUARDS,
    REVIEWS,
)
from submissions.queries.forms import SubmissionQuerySet
from submissions.states import EDITABLE, WITH_GROUP, CorrectionScope, CorrectionState, ReviewStep, State

LEVELS = ((1, "一级"), (2, "两级"))


class Submission(models.Model):
    """One organisation's form for one period: every indicator, task and project that it answers for (填报表)."""

    MOVES = {
        "submit": Move(EDITABLE, State.SUBMITTED, "提交", "submitted_by", FILLS_IN),
        "send_to_head": Move(EDITABLE, State.AWAITING_HEAD, "送单位负责人确认", "submitted_by", FILLS_IN),
        "confirm": Move(frozenset({State.AWAITING_HEAD}), State.SUBMITTED, "确认并提交", "confirmed_by", CONFIRMS),
        "send_back": Move(frozenset({State.AWAITING_HEAD}), State.DRAFT, "退回填报人", barred=CONFIRMS),
        "withdraw": Move(frozenset({State.SUBMITTED}), State.DRAFT, "撤回", barred=FILLS_IN),
        # where the plan has two levels
        "pass_first_review": Move(
            frozenset({State.SUBMITTED}), State.FIRST_REVIEWED, "初审通过", "first_reviewed_by", FIRST_REVIEWS
        ),
        "send_to_first_review": Move(
            frozenset({State.FIRST_REVIEWED}), State.SUBMITTED, "退回初审", barred=FINAL_REVIEWS
        ),
        "approve": Move(WITH_GROUP, State.APPROVED, "审核通过", "decided_by", REVIEWS),
        "return_for_correction": Move(WITH_GROUP, State.RETURNED, "退回", "decided_by", REVIEWS),
        "withdraw_approval": Move(frozenset({State.APPROVED}), State.SUBMITTED, "撤销通过", barred=REVIEWS),
        "reopen": Move(frozenset({State.APPROVED}), State.REOPENED, "同意更正", barred=REVIEWS),
        # the responsibilities changed after the period was opened
        "ask_for_more": Move(frozenset({State.APPROVED}), State.RETURNED, "要求补报", barred=REVIEWS),
        "retire": Move(frozenset({State.DRAFT}), State.RETIRED, "停止填报"),
        "take_up": Move(frozenset({State.RETIRED}), State.DRAFT, "恢复填报"),
    }
    GUARDS = FORM_GUARDS
    INSTEAD_OF_DELETING = "填报有误的，由审核人退回，或在通过后申请更正。"

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="submissions", verbose_name="报告期")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="submissions", verbose_name="单位")
    organisation_name = models.CharField("单位名称（当时）", max_length=200)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.DRAFT)
    deadline = models.DateTimeField("报送时限")
    round = models.PositiveSmallIntegerField("提交次数", default=0)
    reporter = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="经办填报人"
    )
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="提交人"
    )
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    first_submitted_at = models.DateTimeField("首次提交时间", null=True, blank=True)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="确认人"
    )
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="审核人"
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    correct_by = models.DateTimeField("更正时限", null=True, blank=True)
    # as the plan had them when the form was handed in last
    steps_in_unit = models.PositiveSmallIntegerField("单位内层级", choices=LEVELS, default=1)
    steps_in_group = models.PositiveSmallIntegerField("专项小组层级", choices=LEVELS, default=1)
    stamp_by = models.DateField(
        "盖章件期限", null=True, blank=True
    )  # none where the plan asks for no paper afterwards
    first_reviewed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="初审人"
    )
    first_reviewed_at = models.DateTimeField("初审时间", null=True, blank=True)

    history = tracked()
    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填报表"
        ordering = ["deadline", "organisation__position"]
        constraints = [
            models.UniqueConstraint(fields=["period", "organisation"], name="one_form_for_an_organisation_and_period"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[State.DRAFT, State.AWAITING_HEAD, State.RETURNED, State.REOPENED, State.RETIRED]
                )
                | Q(submitted_at__isnull=False),
                name="submitted_form_has_its_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (
                    (Q(submitted_by=None) | ~Q(submitted_by=F("decided_by")))
                    & (Q(confirmed_by=None) | ~Q(confirmed_by=F("decided_by")))
                ),
                name="nobody_decides_on_a_form_of_their_own",
                violation_error_message="填报或确认过这份表的人不能审核。",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(submitted_by=None) | ~Q(confirmed_by=F("submitted_by")),
                name="nobody_confirms_a_form_of_their_own",
                violation_error_message="提交这份表的人不能自己确认。",
            ),
            models.CheckConstraint(
                condition=Q(first_reviewed_by=None)
                | (
                    (Q(submitted_by=None) | ~Q(submitted_by=F("first_reviewed_by")))
                    & (Q(confirmed_by=None) | ~Q(confirmed_by=F("first_reviewed_by")))
                    & (Q(decided_by=None) | ~Q(decided_by=F("first_reviewed_by")))
                ),
                name="nobody_reviews_at_two_levels",
                violation_error_message="填报、确认、初审、终审须由不同的人办理。",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FIRST_REVIEWED)
                | Q(first_reviewed_by__isnull=False, first_reviewed_at__isnull=False),
                name="first_review_has_its_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(steps_in_unit__in=[1, 2], steps_in_group__in=[1, 2]), name="form_has_one_or_two_levels"
            ),
        ]
        indexes = [models.Index(fields=["state", "deadline"], name="submission_queue")]

    def __str__(self) -> str:
        return f"{self.organisation_name} {self.period.name}填报表"

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE and not self.is_shut

    @property
    def is_shut(self) -> bool:
        """Whether the period was closed before the form ever came in: nothing can be typed or handed in any more.

        What has come in goes on: it is reviewed, returned, corrected.
        """
        return self.round == 0 and self.period.state == PeriodState.CLOSED

    @property
    def is_with_group(self) -> bool:
        return self.state in WITH_GROUP

    @property
    def review_step(self) -> ReviewStep:
        """The working group's step that the form is at, or that its next review takes."""
        if self.state == State.FIRST_REVIEWED:
            return ReviewStep.FINAL
        return ReviewStep.FIRST if self.steps_in_group == 2 else ReviewStep.ONLY

    @property
    def is_late(self) -> bool:
        """Whether it first came in after its last second (or hasn't yet, and that has passed).

        What comes in again, after a return or a correction, isn't late for that.
        """
        return is_past(self.deadline, self.first_submitted_at or self.submitted_at or now())

    @property
    def due_at(self) -> datetime:
        """Until when its organisation owes it now: while a correction is open by that one's own deadline."""
        return self.correct_by or self.deadline

    @property
    def has_deadline(self) -> bool:
        """Whether its organisation is held to a deadline: corrections agreed to before they had one have none."""
        return self.state != State.REOPENED or self.correct_by is not None


class Correction(models.Model):
    """An organisation's request to correct approved figures, and the answer (数据更正申请).

    One that concerns single figures names the new value of each (``values``); one that concerns a form or a period
    opens all of them.
    """

    MOVES = {
        "agree": Move(frozenset({CorrectionState.ASKED}), CorrectionState.AGREED, "同意更正", "decided_by", ANSWERS),
        "refuse": Move(
            frozenset({CorrectionState.ASKED}), CorrectionState.REFUSED, "不同意更正", "decided_by", ANSWERS
        ),
        "complete": Move(frozenset({CorrectionState.AGREED}), CorrectionState.DONE, "完成更正"),
        "resume": Move(frozenset({CorrectionState.DONE}), CorrectionState.AGREED, "随撤销通过恢复更正"),
    }
    GUARDS = CORRECTION_GUARDS
    INSTEAD_OF_DELETING = "不再需要更正的，由审核人答复不同意。"

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="corrections", verbose_name="填报表")
    figures = models.JSONField("申请更正的数据", default=list)  # keys of figures of this form
    scope = models.CharField("更正范围", max_length=10, choices=CorrectionScope.choices, blank=True)
    state = models.CharField("状态", max_length=20, choices=CorrectionState.choices, default=CorrectionState.ASKED)
    reason = models.TextField("更正理由")
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="申请人"
    )  # empty where the working group called for it, in all forms of a period
    asked_at = models.DateTimeField("申请时间")
    answer = models.TextField("答复", blank=True)
    deadline = models.DateTimeField("更正时限", null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )
    decided_at = models.DateTimeField("答复时间", null=True, blank=True)

    history = tracked(indexed=["submission"])

    class Meta:
        verbose_name = verbose_name_plural = "数据更正申请"
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(state__in=[CorrectionState.ASKED, CorrectionState.AGREED]),
                name="one_open_correction_a_form",
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission} 更正申请"
