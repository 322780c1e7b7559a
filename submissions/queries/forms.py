"""Questions about many forms: who may see them, whom they wait for."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from organisations.models import Role, User
from plans.models import PeriodState, Plan
from submissions.states import EDITABLE, WITH_GROUP, ReviewStep, State

if TYPE_CHECKING:
    from submissions.models import Submission

READERS = (Role.REVIEWER, Role.LEADER, Role.AUDITOR)
BLANK_NOTE = Q(section=None) & (Q(state="") | Q(progress="")) | Q(section__is_required=True, progress="")
"""Notes that lack something owed: ``ProgressNote.is_blank`` in the database."""


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def locked(self, pk: int) -> "Submission":
        """Return the form as it is now, locked until the transaction ends; whoever comes later waits."""
        rows = self.select_for_update(of=("self",), no_key=True)
        return rows.select_related("period__plan", "organisation").get(pk=pk)

    def for_user(self, user: User) -> "SubmissionQuerySet":
        """The forms that a person may read: their own organisation's; reviewers, leaders and auditors read all."""
        if user.has_role(*READERS):
            return self
        if user.has_role(Role.REPORTER, Role.HEAD):
            return self.filter(organisation=user.organisation_id)
        return self.none()

    def waiting_for_reporter(self, user: User) -> "SubmissionQuerySet":
        """Forms that the person's organisation still owes, most urgent first."""
        if not user.has_role(Role.REPORTER):
            return self.none()
        owed = self.filter(organisation=user.organisation_id, state__in=EDITABLE).not_shut()
        return owed.order_by("deadline", "id")

    def waiting_for_head(self, user: User) -> "SubmissionQuerySet":
        """Forms that the head of the person's organisation is asked to confirm, most urgent first."""
        if not user.has_role(Role.HEAD):
            return self.none()
        waiting = self.filter(organisation=user.organisation_id, state=State.AWAITING_HEAD).not_shut()
        return waiting.not_filled_by(user).order_by("deadline", "id")

    def not_shut(self) -> "SubmissionQuerySet":
        """Leave out the forms whose period was closed before they ever came in."""
        return self.exclude(period__state=PeriodState.CLOSED, round=0)

    def waiting_for_review(self, user: User, plan: Plan) -> "SubmissionQuerySet":
        """The forms of a plan that a reviewer may decide on, first come first; those that they had a hand in are left out."""
        if not user.has_role(Role.REVIEWER):
            return self.none()
        waiting = self.filter(period__plan=plan, state__in=WITH_GROUP).not_at_other_level_of(user)
        return waiting.not_filled_by(user).not_confirmed_by(user).order_by("submitted_at", "id")

    def not_at_other_level_of(self, user: User) -> "SubmissionQuerySet":
        """Leave out the forms at one of the working group's two levels of which the person took the other, ever."""
        steps = _rows("Review").filter(submission_id=OuterRef("pk"), by=user)
        took_first, took_final = steps.filter(step=ReviewStep.FIRST), steps.filter(step=ReviewStep.FINAL)
        return self.exclude(Q(Exists(took_first), state=State.FIRST_REVIEWED)).exclude(
            Q(Exists(took_final), state=State.SUBMITTED, steps_in_group=2)
        )

    def with_progress(self) -> "SubmissionQuerySet":
        """Add ``owed`` and ``filled``, the number of cells and notes of each form."""
        cells = _rows("Figure").filter(submission_id=OuterRef("pk"), is_owed=True)
        notes = _rows("ProgressNote").filter(submission_id=OuterRef("pk"), is_owed=True)
        return self.annotate(
            owed=_count(cells) + _count(notes),
            filled=_count(cells.exclude(answer="")) + _count(notes.exclude(BLANK_NOTE)),
        )

    def with_levels(self) -> "SubmissionQuerySet":
        """Add ``unit_steps_now`` and ``group_steps_now``, the levels that a form takes if it is handed in now."""
        number = models.PositiveSmallIntegerField()
        return self.annotate(
            unit_steps_now=Func(F("pk"), function="submissions_steps_in_unit", output_field=number),
            group_steps_now=Func(F("pk"), function="submissions_steps_in_group", output_field=number),
        )

    def with_paper(self) -> "SubmissionQuerySet":
        """Add how a form stands with its paper: ``version_now``, the code of what it says now, ``stamp_rule``,
        ``has_scan`` and ``is_stamped``."""
        rule = _rows("LevelSetting").filter(plan=OuterRef("period__plan"), organisation=None)
        return self.annotate(
            version_now=Func(F("pk"), function="submissions_version_code", output_field=models.CharField()),
            stamp_rule=Subquery(rule.values("stamped")[:1]),
            has_scan=Exists(_rows("StampedScan").filter(submission=OuterRef("pk"))),
            is_stamped=Func(F("pk"), function="submissions_is_stamped", output_field=models.BooleanField()),
        )

    def without_stamp(self) -> "SubmissionQuerySet":
        """Leave out the forms of which the stamped scan of what they say now is there."""
        stamped = Func(F("pk"), function="submissions_is_stamped", output_field=models.BooleanField())
        return self.alias(has_stamp=stamped).filter(has_stamp=False)

    def with_proposals(self) -> "SubmissionQuerySet":
        """Add ``has_proposals``: whether a value of the consolidated workbook waits in the form."""
        waiting = _rows("ProposedValue").filter(figure__submission_id=OuterRef("pk"), state="proposed")
        return self.annotate(has_proposals=Exists(waiting))

    def not_filled_by(self, user: User) -> "SubmissionQuerySet":
        """Leave out the forms that the person filled in, submitted, stamped or asked to correct at any time, and those
        that took over a value of theirs."""
        figures = _versions("Figure").filter(submission_id=OuterRef("pk"), saved_by=user)
        notes = _versions("ProgressNote").filter(submission_id=OuterRef("pk"), saved_by=user)
        submitted = _versions("Submission").filter(id=OuterRef("pk"), submitted_by=user)
        asked = _rows("Correction").filter(submission_id=OuterRef("pk"), asked_by=user)
        added = _rows("Evidence").filter(
            Q(figure__submission_id=OuterRef("pk")) | Q(note__submission_id=OuterRef("pk")), added_by=user
        )
        taken = _rows("ProposedValue").filter(figure__submission_id=OuterRef("pk"), proposed_by=user, state="taken")
        stamped = _rows("StampedScan").filter(submission_id=OuterRef("pk"), uploaded_by=user)
        steps = (figures, notes, submitted, asked, added, taken, stamped)
        return self.exclude(reduce(or_, map(Exists, steps)))

    def not_confirmed_by(self, user: User) -> "SubmissionQuerySet":
        confirmed = _versions("Submission").filter(id=OuterRef("pk"), confirmed_by=user)
        return self.exclude(Exists(confirmed))

    def not_reviewed_by(self, user: User) -> "SubmissionQuerySet":
        """Leave out the forms that the person decided on, or whose request for correction they answered."""
        reviewed = _rows("Review").filter(submission_id=OuterRef("pk"), by=user)
        answered = _rows("Correction").filter(submission_id=OuterRef("pk"), decided_by=user)
        return self.exclude(Exists(reviewed) | Exists(answered))


def _count(rows: models.QuerySet[models.Model]) -> Coalesce:
    counted = rows.order_by().values("submission_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), 0)


def _rows(name: str) -> models.QuerySet[models.Model]:
    rows: models.QuerySet[models.Model] = apps.get_model("submissions", name)._default_manager.all()
    return rows


def _versions(name: str) -> models.QuerySet[models.Model]:
    """All versions of a table's rows: a step that was taken stays taken, whoever came after."""
    return _rows(f"Historical{name}")
